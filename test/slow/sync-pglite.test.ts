/** The suites of a sync on the embedded PGlite that `npm test` leaves out. */
import t from 'tap'
import { createPgliteDatabase } from '../support/databases.js'
import changes from '../stories/sync/sync-changes.js'
import unchanged from '../stories/sync/sync-unchanged.js'
import guards from '../stories/sync/sync-guards.js'
import dryRun from '../stories/sync/sync-dry-run.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('changes', (t) => changes(t, database))
t.test('unchanged', (t) => unchanged(t, database))
t.test('guards', (t) => guards(t, database))
t.test('dry run', (t) => dryRun(t, database))
