/** A thousand random syncs, in which everything comes that may come. */
import t from 'tap'
import { createPgliteDatabase, createPostgresDatabase } from '../support/databases.js'
import { randomSyncs, seed } from '../stories/properties/random-syncs.js'

const STATUSES = ['failed', 'held', 'incomplete', 'not-modified', 'ok']

t.test(`1,000 syncs on PostgreSQL, seed ${seed}`, async (t) => {
  const statuses = await randomSyncs(t, await createPostgresDatabase(t), 1_000)
  t.strictSame([...statuses.keys()].sort(), STATUSES)
})
t.test(`100 syncs on PGlite, seed ${seed}`, async (t) => {
  await randomSyncs(t, await createPgliteDatabase(t), 100)
})
