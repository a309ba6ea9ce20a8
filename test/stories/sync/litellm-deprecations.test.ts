/** The ends of LiteLLM's models and their successors, from its own list of them. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, statuses } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const host = await startHost(t, database)
const { litellm } = host
const ENDS = { old: ['2079-03-01', 'new'], odd: ['soon', null] } as const

async function start(): Promise<void> {
  await host.reset(['old', 'odd', 'new'].map((model_name) => modelRow({ model_name })))
  litellm.setEnds({ old: [...ENDS.old], odd: [...ENDS.odd] })
}
const endOf = async (name: string): Promise<unknown[]> => {
  const { deprecationDate, replacedBy } = (await host.models()).get(name) ?? {}
  return [deprecationDate, replacedBy]
}

t.test('the end and the successor, and one that nobody can read', async (t) => {
  await start()
  const result = await host.sync()
  t.equal(result.success, true)
  t.same(await endOf('old'), ['2079-03-01', 'new'])
  t.same(await endOf('new'), [null, null])
  t.same(await endOf('odd'), [null, null])
  t.match(result.providers[0]?.warnings, [/odd: deprecationDate: "soon" is not an ISO date/])
})

t.test('another end alone is noticed; the same ends are not, whenever they are stated', async (t) => {
  await start()
  litellm.setEtag(true)
  await host.sync()
  t.same(statuses(await host.sync()), ['not-modified'])
  litellm.setEnds({ old: ['2079-04-01', 'newer'] })
  t.same(statuses(await host.sync()), ['ok'])
  t.same(await endOf('old'), ['2079-04-01', 'newer'])
  litellm.setEnds({})
  await host.sync()
  t.same(await endOf('old'), [null, null], 'an end that is taken back')
})

t.test('a proxy without the list, and a key that may not read it', async (t) => {
  await start()
  await host.sync()
  litellm.setFault('/model/deprecations', { kind: 'status', status: 403 })
  const refused = await host.sync()
  t.equal(refused.success, true)
  t.match(refused.warnings, [/model\/deprecations answered 403.*keep their last values.*allowed_routes/])
  t.same(await endOf('old'), ['2079-03-01', 'new'], 'what was known stays')
  litellm.setFault('/model/deprecations', null)
  litellm.setEnds(null)
  const missing = await host.sync()
  t.equal(missing.success, true)
  t.same(missing.warnings, [], 'an older version is nobody’s mistake')
  t.same(await endOf('old'), [null, null])
  litellm.models[0]!.model_info['deprecation_date'] = '2079-05-01T00:00:00Z'
  await host.sync()
  t.same(await endOf('old'), ['2079-05-01', null], 'there the operator’s own date counts')
})

for (const [fault, what] of [
  [{ kind: 'status', status: 500 }, /answered 500/],
  [{ kind: 'hang' }, /did not answer|no answer|within/],
  [{ kind: 'html' }, /HTML/],
  [{ kind: 'json', body: { data: [] } }, /something else/],
] as const)
  t.test(`a list that fails (${fault.kind}) keeps what is known, and stops nothing`, async (t) => {
    await start()
    await host.sync()
    litellm.setFault('/model/deprecations', fault)
    litellm.models.push(modelRow({ model_name: 'later' }))
    const failed = await host.sync()
    t.equal(failed.success, true)
    t.equal(failed.newModels, 1)
    t.same(failed.warnings.length, 1, failed.warnings.join())
    t.match(failed.warnings[0], what)
    t.same(await endOf('old'), ['2079-03-01', 'new'])
    litellm.setFault('/model/deprecations', null)
    litellm.setEnds({})
    await host.sync()
    t.same(await endOf('old'), [null, null], 'and is asked again')
  })

t.test('an entry that names no model stops neither the models nor the other ends', async (t) => {
  await start()
  const end = { model_name: 'old', deprecation_date: 'Mar 1, 2079', successor_model: null }
  litellm.setFault('/model/deprecations', {
    kind: 'json',
    body: { deprecated: [{}, { model_name: 5 }], imminent: [{ model_name: '' }], upcoming: [end] },
  })
  t.match(await host.sync(), { success: true, newModels: 3 })
  t.same(await endOf('old'), ['2079-03-01', null])
})

t.test('the same ends stay the same, also where Python writes NaN for the days that are left', async (t) => {
  await start()
  litellm.setEtag(true)
  for (const made of ['1', '2']) {
    const end = '{"model_name":"old","deprecation_date":"2079-03-01","days_until_deprecation":NaN}'
    litellm.setBody('/model/deprecations', `{"made":${made},"deprecated":[],"imminent":[],"upcoming":[${end}]}`)
    t.same(statuses(await host.sync()), [made === '1' ? 'ok' : 'not-modified'])
  }
  t.same(await endOf('old'), ['2079-03-01', null])
})
