/** What people set by hand, its undo and what it leaves inconsistent, on a real PostgreSQL. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import localModels from './local-models.js'
import pins from './pins.js'
import rename from './rename.js'
import rules from './rules.js'
import undo from './undo.js'
import validate from './validate.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPostgresDatabase(t)
t.setTimeout(240_000)

t.test('pins', (t) => pins(t, database))
t.test('local models', (t) => localModels(t, database))
t.test('rules', (t) => rules(t, database))
t.test('undo', (t) => undo(t, database))
t.test('rename', (t) => rename(t, database))
t.test('validate', (t) => validate(t, database))
