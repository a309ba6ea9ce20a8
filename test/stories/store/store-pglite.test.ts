/** The suites of the store and of what the status says, on the embedded PGlite. */
import t from 'tap'
import { createPgliteDatabase } from '../../support/databases.js'
import migrate from './migrate-suite.js'
import entryStore from './entry-store-suite.js'
import statements from './statements-suite.js'
import status from '../http/status-suite.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('migrate', (t) => migrate(t, database))
t.test('entries', (t) => entryStore(t, database))
t.test('statements', (t) => statements(t, database))
t.test('status', (t) => status(t, database))
