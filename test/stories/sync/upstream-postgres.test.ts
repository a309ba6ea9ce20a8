/** What upstreams do wrong, on a real PostgreSQL. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import failures from './sync-upstream-failures.js'
import oddEntries from './sync-odd-entries.js'
import secrets from './sync-secrets.js'

// One database for all: each suite starts from an empty catalogue.
const database = await createPostgresDatabase(t)
t.setTimeout(240_000)

t.test('failures', (t) => failures(t, database))
t.test('odd entries', (t) => oddEntries(t, database))
t.test('secrets', (t) => secrets(t, database))
