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
