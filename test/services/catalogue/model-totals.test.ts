/** The number of models that a filter leaves: counted once in a revision, and never an old one. */
import t from 'tap'
import { ModelTotals } from '../../../src/services/catalogue/model-totals.js'
import { openDatabase } from '../../../src/store/database.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'

const host = await startHost(t, await createPostgresDatabase(t), { litellm: { models: manyRows(30) } })
await host.sync()

t.test('each filter is counted once until the catalogue changes, whatever the order of its members', async (t) => {
  let counts = 0
  const { schema } = openDatabase(host.pool, 'model_sync')
  const totals = new ModelTotals({
    schema,
    query: (text, values) => {
      if (text.includes('count(*)')) counts += 1
      return host.pool.query(text, values as unknown[])
    },
  })
  t.strictSame(await Promise.all([totals.of({}), totals.of({})]), [30, 30])
  t.equal(counts, 1, 'who asks at the same time waits for the same count')
  const vendor = await totals.of({ ownedBy: 'vendor-0', availability: 'available' })
  t.ok(vendor > 0)
  t.equal(await totals.of({ availability: 'available', ownedBy: 'vendor-0' }), vendor)
  t.equal(counts, 2)
  t.equal(await totals.of({ viewer: 'someone' }), 30)
  t.equal(await totals.of({ viewer: 'someone' }), 30)
  t.equal(counts, 4, 'what a viewer’s own keys add moves by itself')

  host.litellm.models.push(modelRow({ model_name: 'one-more' }))
  await host.sync()
  t.equal(await totals.of({}), 31)
  t.equal(counts, 5)
})

t.test('a count that fails is not kept', async (t) => {
  let fails = true
  const { schema } = openDatabase(host.pool, 'model_sync')
  const totals = new ModelTotals({
    schema,
    query: (text, values) =>
      fails && text.includes('count(*)')
        ? Promise.reject(new Error('the database is away'))
        : host.pool.query(text, values as unknown[]),
  })
  await t.rejects(totals.of({}), { message: 'the database is away' })
  fails = false
  t.equal(await totals.of({}), 31)
})
