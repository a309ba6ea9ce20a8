/** A few random syncs on each database; `test/slow` has the thousand. */
import t from 'tap'
import { createPgliteDatabase, createPostgresDatabase } from '../../support/databases.js'
import { randomSyncs, seed } from './random-syncs.js'

t.test(`100 syncs on PostgreSQL, seed ${seed}`, async (t) => {
  const database = await createPostgresDatabase(t)
  await randomSyncs(t, database, database.kind === 'postgres' ? 100 : 20)
})
t.test(`20 syncs on PGlite, seed ${seed}`, async (t) => {
  await randomSyncs(t, await createPgliteDatabase(t), 20)
})
