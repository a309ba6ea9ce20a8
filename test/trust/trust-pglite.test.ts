/** What writes in a way of its own, on the embedded PGlite; what is decided before anything is written is in `test/slow`. */
import t from 'tap'
import { createPgliteDatabase } from '../support/databases.js'
import pins from './pins.js'
import localModels from './local-models.js'
import undo from './undo.js'
import rename from './rename.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('pins', (t) => pins(t, database))
t.test('local models', (t) => localModels(t, database))
t.test('undo', (t) => undo(t, database))
t.test('rename', (t) => rename(t, database))
