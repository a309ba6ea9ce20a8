/** What a request is refused with: the place, what was found, what was expected; never JSON Schema's own words. */
import fastifySwagger from '@fastify/swagger'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const host = await startHost(t, await createPostgresDatabase(t), {
  settings: { probe: true, cronSecret: 'a-secret-of-the-tests' },
  before: (app) => app.register(fastifySwagger, { openapi: { openapi: '3.1.0' } }),
})
const JARGON = /\bmust (NOT|be|match|have|pass)\b|pattern|querystring|undefined|\[object/

interface Parameter {
  name: string
  in: string
}
interface Operation {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: { properties?: Record<string, unknown> } }> }
}

t.test('some messages', async (t) => {
  const cases: [url: string, message: string | RegExp][] = [
    ['/models?limit=501', 'limit in the query is 501: expected a whole number from 1 to 500'],
    ['/models?limit=ten', 'limit in the query is "ten": expected a whole number from 1 to 500'],
    [
      '/models?availability=availabel',
      /^availability in the query is "availabel": expected one of available, unavailable; did you mean available\?$/,
    ],
    ['/models?serach=x', /^the query has "serach", which is not known here; did you mean search\?; known are search, /],
    ['/models?minInputCost=1,25', 'minInputCost in the query is "1,25": expected USD per token, decimal'],
    ['/models/deprecations?within=30', /expected days from today, as 30d/],
    ['/models?mode=chta', /did you mean chat\?/],
  ]
  for (const [url, message] of cases)
    t.match(await host.get(url), { status: 400, body: { code: 'FST_MODEL_SYNC_VALIDATION', message } }, url)
})

t.test('each parameter and each member of a body with wrong values', async (t) => {
  const paths = (host.app as unknown as { swagger(): { paths: Record<string, Record<string, Operation>> } }).swagger()
    .paths
  let refused = 0
  const check = async (method: string, url: string, payload?: object) => {
    if (method === 'DELETE') return
    const { status, text } = await host.request({
      method: method as 'GET',
      url,
      ...(payload === undefined ? {} : { payload }),
    })
    if (status !== 400) return
    refused++
    const { message, error } = JSON.parse(text) as { message?: string; error: string | { message: string } }
    const told = message ?? (typeof error === 'string' ? error : error.message)
    if (JARGON.test(told)) t.fail(`${method} ${url} ${JSON.stringify(payload)?.slice(0, 100)}: ${told}`)
  }
  for (const [path, operations] of Object.entries(paths)) {
    if (path.endsWith('/events')) continue
    const url = path.replace(/\{[^}]+\}/g, 'x')
    for (const [method, { parameters = [], requestBody }] of Object.entries(operations)) {
      for (const { name, in: place } of parameters)
        if (place === 'query')
          for (const value of ['', '-1', 'x%20y', '1e999', 'x'.repeat(5000)])
            await check(method.toUpperCase(), `${url}?${name}=${value}`)
      await check(method.toUpperCase(), `${url}?nonsense=1`)
      const members = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {})
      for (const member of [...members, 'nonsense'])
        for (const value of ['', -1, {}, [], [[]], true, null, 'x'.repeat(20_000)])
          await check(method.toUpperCase(), url, { [member]: value })
    }
  }
  t.ok(refused > 200, `${refused} were refused`)
})
