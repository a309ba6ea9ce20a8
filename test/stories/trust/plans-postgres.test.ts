/** Plan, guard, approve, and a host's hooks, on a real PostgreSQL. What people set by hand has a file of its own, so that both run at once. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import approve from './approve.js'
import guards from './guards.js'
import hooks from './hooks.js'
import dryRun from './dry-run.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPostgresDatabase(t)
t.setTimeout(240_000)

t.test('approve', (t) => approve(t, database))
t.test('guards', (t) => guards(t, database))
t.test('hooks', (t) => hooks(t, database))
t.test('dry run', (t) => dryRun(t, database))
