/** The suites of a sync on a real PostgreSQL. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import changes from './sync-changes.js'
import unchanged from './sync-unchanged.js'
import guards from './sync-guards.js'
import dryRun from './sync-dry-run.js'
import concurrency from './sync-concurrency.js'
import close from './sync-close.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPostgresDatabase(t)
t.setTimeout(240_000)

t.test('changes', (t) => changes(t, database))
t.test('unchanged', (t) => unchanged(t, database))
t.test('guards', (t) => guards(t, database))
t.test('dry run', (t) => dryRun(t, database))
t.test('concurrency', (t) => concurrency(t, database))
t.test('close', (t) => close(t, database))
