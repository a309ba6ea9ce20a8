/** What upstreams do wrong, on the embedded PGlite. */
import t from 'tap'
import { createPgliteDatabase } from '../support/databases.js'
import failures from '../stories/sync/sync-upstream-failures.js'
import oddEntries from '../stories/sync/sync-odd-entries.js'
import secrets from '../stories/sync/sync-secrets.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('failures', (t) => failures(t, database))
t.test('odd entries', (t) => oddEntries(t, database))
t.test('secrets', (t) => secrets(t, database))
