import t from 'tap'
import { near } from '../../../../src/sources/providers/near/near.js'
import { json, loopback } from '../../../support/loopback.js'
import { read } from '../../../upstream/reading.js'

for (const [claimed, there] of [
  [5, 4],
  [5, 3],
] as const) {
  t.test(`${there} models where ${claimed} are claimed are no whole listing`, async (t) => {
    const server = await loopback(t, (request, response) => {
      const offset = Number(new URL(request.url ?? '', 'http://near').searchParams.get('offset') ?? 0)
      const models = Array.from({ length: there }, (_, i) => ({ modelId: `m${i}` })).slice(offset, offset + 2)
      json(response, { models, limit: 2, offset, total: claimed })
    })
    const { outcome, pages } = await read(near, server.url)
    t.equal(outcome?.state, 'incomplete')
    t.match(outcome?.problem, `it counts ${claimed} models and gave ${there}`)
    t.equal(pages.flatMap(([, entries]) => entries).length, there)
    t.ok(server.requests.length <= 4, 'an empty page leads nowhere')
  })
}

t.test('without its own list the one of all models stands for it', async (t) => {
  const server = await loopback(t, (request, response) => {
    if (request.url !== '/v1/models') return void response.writeHead(404).end('{}')
    json(response, { object: 'list', data: [{ id: 'acme/titan', pricing: { input: 0.85, output: 3.3 } }] })
  })
  const { outcome, pages } = await read(near, server.url)
  t.equal(outcome?.state, 'complete')
  t.strictSame(outcome?.warnings, [])
  const [, entries = []] = pages.find(([path]) => path === '/v1/models') ?? []
  t.match(near.listings[1]?.parse(entries[0]), {
    kind: 'model',
    fields: { inputCostPerToken: '0.00000085', outputCostPerToken: '0.0000033', mode: null },
  })
})
