/** Of a sync on the embedded PGlite, what its one session could make different; the other suites of a sync are in `test/slow`. */
import t from 'tap'
import { createPgliteDatabase } from '../../support/databases.js'
import concurrency from './sync-concurrency.js'
import close from './sync-close.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('concurrency', (t) => concurrency(t, database))
t.test('close', (t) => close(t, database))
