/** Plan, guard, approve and hooks on the embedded PGlite, which `npm test` leaves out. */
import t from 'tap'
import { createPgliteDatabase } from '../support/databases.js'
import approve from '../trust/approve.js'
import guards from '../trust/guards.js'
import rules from '../trust/rules.js'
import hooks from '../trust/hooks.js'
import validate from '../trust/validate.js'
import dryRun from '../trust/dry-run.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPgliteDatabase(t)
t.setTimeout(240_000)

t.test('approve', (t) => approve(t, database))
t.test('guards', (t) => guards(t, database))
t.test('rules', (t) => rules(t, database))
t.test('hooks', (t) => hooks(t, database))
t.test('validate', (t) => validate(t, database))
t.test('dry run', (t) => dryRun(t, database))
