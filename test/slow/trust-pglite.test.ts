/** Plan, guard, approve, hooks and what people set by hand, on the embedded PGlite. */
import t from 'tap'
import { createPgliteDatabase } from '../support/databases.js'
import approve from '../stories/trust/approve.js'
import guards from '../stories/trust/guards.js'
import rules from '../stories/trust/rules.js'
import hooks from '../stories/trust/hooks.js'
import validate from '../stories/trust/validate.js'
import dryRun from '../stories/trust/dry-run.js'
import pins from '../stories/trust/pins.js'
import localModels from '../stories/trust/local-models.js'
import undo from '../stories/trust/undo.js'
import rename from '../stories/trust/rename.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('approve', (t) => approve(t, database))
t.test('guards', (t) => guards(t, database))
t.test('rules', (t) => rules(t, database))
t.test('hooks', (t) => hooks(t, database))
t.test('validate', (t) => validate(t, database))
t.test('dry run', (t) => dryRun(t, database))
t.test('pins', (t) => pins(t, database))
t.test('local models', (t) => localModels(t, database))
t.test('undo', (t) => undo(t, database))
t.test('rename', (t) => rename(t, database))
