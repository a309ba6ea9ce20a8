/** A list that has changed: seen by a dry run, before anything is applied, and in the table of providers. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { json, loopback } from '../../support/loopback.js'
import { run, type Env } from '../../cli/support.js'
import { newDrift, followDrift } from '../../../src/core/providers/drift.js'

const NOW = '2026-12-01T00:00:00.000Z'

t.test('a dry run says which members nobody reads, and which are gone', async (t) => {
  let price = 'prompt'
  const server = await loopback(t, (_request, response) => {
    const entry = (id: string) => ({
      id,
      created: 1_780_000_000,
      pricing: { [price]: '0.000001', completion: '0.000002' },
    })
    json(response, { data: ['a/one', 'a/two', 'a/three'].map(entry) })
  })
  const database = await createPostgresDatabase(t)
  const host = await startHost(t, database, {
    settings: { providers: ['openrouter'], providerOptions: { openrouter: { baseUrl: server.url } }, priceBook: false },
  })
  t.same((await host.sync({ dryRun: true })).providers[0]?.warnings, [], 'a list that is read whole')
  await host.sync()
  price = 'input_price'
  const expected =
    'its list has changed: members that nobody reads: pricing.input_price (price); members that are gone: pricing.prompt (price)'
  t.same((await host.sync({ dryRun: true })).providers[0]?.warnings, [expected])
  t.match((await host.get('/providers/openrouter')).body, { unread: [], vanished: [] }, 'nothing was recorded')
  await host.sync()
  t.same((await host.sync({ dryRun: true })).providers[0]?.warnings, [], 'known by now')
  const env: Env = {
    DATABASE_URL: database.url ?? '',
    OPENROUTER_BASE_URL: server.url,
    MODEL_SYNC_PROVIDERS: 'openrouter',
  }
  const { stdout } = await run(['providers'], env)
  t.match(stdout, /openrouter .* ok, but its list has changed: 1 unread, 1 gone/)
})

t.test('what is new of a drift, in a sentence', async (t) => {
  const counts = (unread: string[]) => [
    {
      ...{ listing: '/v1/models', entries: 10, named: [] },
      unread: unread.map((path) => ({ path, looksLike: 'price' as const, entries: 10 })),
    },
  ]
  const first = followDrift(null, counts(['a']), NOW)
  t.equal(newDrift(null, first), 'members that nobody reads: a (price)')
  t.equal(newDrift(first, first), null)
  const more = followDrift(first, counts(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']), NOW)
  t.match(newDrift(first, more), /: b \(price\), .* and 2 more$/)
})
