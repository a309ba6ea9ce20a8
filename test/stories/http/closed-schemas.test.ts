/** No route ignores what it does not know: a dry run whose parameter is misspelled, or in the wrong place, must not write. */
import type { RouteOptions } from 'fastify'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  required?: string[]
  minProperties?: number
  properties?: Record<string, Schema>
  items?: Schema
}

const SECRET = 'a-cron-secret-of-the-tests'
const routes: RouteOptions[] = []
const host = await startHost(t, await createPostgresDatabase(t), {
  litellm: { models: manyRows(3) },
  settings: {
    cronSecret: SECRET,
    webhookSecret: `whsec_${btoa('a webhook secret of the tests')}`,
    probe: true,
    settingsPage: true,
  },
  before: (app) => app.addHook('onRoute', (route) => void routes.push(route)),
})
const authorization = `Bearer ${SECRET}`
// Where what is allowed is documented by a schema of its own: pages and their files.
const api = routes.filter(({ schema }) => (schema as { hide?: boolean } | undefined)?.hide !== true)
const each = api.flatMap((route) => [route.method].flat().map((method) => ({ ...route, method })))

function addressOf({ url, schema }: RouteOptions): string {
  const { properties = {} } = (schema?.params ?? {}) as Schema
  return url.replace(/:([A-Za-z]+)|\*/g, (_, name: string) => String(properties[name]?.enum?.[0] ?? 'x'))
}

/** As little as the schema lets through. */
function smallest(schema: Schema = {}): unknown {
  if (schema.enum !== undefined) return schema.enum[0]
  const type = [schema.type ?? 'object'].flat()[0]
  if (type === 'array') return schema.items === undefined ? [] : [smallest(schema.items)]
  if (type !== 'object') return { string: 'x', integer: 1, number: 1, boolean: true }[type ?? ''] ?? null
  const { properties = {}, minProperties = 0 } = schema
  const needed = schema.required ?? Object.keys(properties).slice(0, minProperties)
  return Object.fromEntries(needed.map((name) => [name, smallest(properties[name])]))
}

/** The body with an unknown member in one object of it, once for each. */
function withUnknownMembers(schema: Schema): unknown[] {
  const types = [schema.type ?? 'object'].flat()
  if (types.includes('array'))
    return schema.items === undefined ? [] : withUnknownMembers(schema.items).map((one) => [one])
  if (!types.includes('object')) return []
  const body = smallest(schema) as object
  return [
    { ...body, nonsense: true },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      member.type === undefined ? [] : withUnknownMembers(member).map((value) => ({ ...body, [name]: value })),
    ),
  ]
}

t.test('an unknown parameter, on each route', async (t) => {
  t.ok(each.length > 70, `${each.length} routes`)
  for (const route of each) {
    const { method, schema } = route
    const url = `${addressOf(route)}?nonsense=1`
    const withBody = !['GET', 'HEAD'].includes(method) && smallest(schema?.body as Schema)
    const { statusCode, body } = await host.app.inject({
      method: method as 'GET',
      url,
      headers: { authorization },
      ...(withBody === false ? {} : { payload: withBody as object }),
    })
    if (method === 'HEAD') t.equal(statusCode, 400, `HEAD ${url}`)
    else t.match({ statusCode, body }, { statusCode: 400, body: /nonsense/ }, `${method} ${url}`)
  }
})

t.test('an unknown member of the body, on each route that takes one', async (t) => {
  let tried = 0
  for (const route of each) {
    const { method, schema } = route
    if (method === 'HEAD' || route.url.endsWith('/webhook/:provider')) continue
    const bodies = method === 'GET' ? [{ nonsense: true }] : withUnknownMembers(schema?.body as Schema)
    const query = Object.entries((smallest(schema?.querystring as Schema) ?? {}) as Record<string, string>)
    const url = `${addressOf(route)}?${new URLSearchParams(query)}`
    for (const payload of bodies as object[]) {
      const answer = await host.request({ method: method as 'GET', url, payload, headers: { authorization } })
      const expected = method === 'GET' ? /takes no body/ : /"nonsense", which is not known here/
      t.match(
        answer,
        { status: 400, text: new RegExp(expected.source.replaceAll('"', String.raw`\\?"`)) },
        `${method} ${url} ${JSON.stringify(payload)}`,
      )
      tried++
    }
  }
  t.ok(tried > 40, `${tried} bodies`)
})

t.test('what says dry run somewhere else says where it belongs, and writes nothing', async (t) => {
  host.litellm.requests.length = 0
  const run = '00000000-0000-4000-8000-000000000000'
  for (const [method, url, payload, message] of [
    [
      'POST',
      `/models/sync/history/${run}/undo?dryRun=true`,
      undefined,
      /^the query has "dryRun".*; dryRun belongs in the body/,
    ],
    ['POST', '/models/sync?dryRun=true', undefined, /dryRun belongs in the body; known are keys/],
    ['POST', '/models/sync?dry_run=true', undefined, /dryRun belongs in the body/],
    ['POST', '/admin/model-sync/all', { dry_run: true }, /^the body has "dry_run".*; dry_run belongs in the query/],
    ['POST', '/admin/model-sync/all', { dryRun: true }, /dry_run belongs in the query; nothing is known here/],
    ['POST', '/admin/model-sync/provider/litellm', { dry_run: true }, /dry_run belongs in the query/],
    ['POST', '/admin/model-sync/all?dryRun=true', undefined, /did you mean dry_run\?/],
    ['POST', '/models/sync/cron?dry_run=true', undefined, /"dry_run".*known are failedSyncStatus/],
    ['POST', '/models/sync/cron', { dryRun: true }, /nothing is known here/],
    ['GET', '/models/sync/cron', { dryRun: true }, /GET takes no body/],
    ['DELETE', '/models/sync', { dryRun: true }, /"dryRun"/],
    ['PATCH', '/providers/litellm', { enabld: true }, /did you mean enabled\?/],
    ['POST', '/models', { nam: 'x', providr: 'y' }, /"nam", "providr", which are not known here; did you mean name\?/],
  ] as const)
    t.match(
      await host.request({ method, url, ...(payload === undefined ? {} : { payload }), headers: { authorization } }),
      { status: 400, body: { code: 'FST_MODEL_SYNC_VALIDATION', message } },
      `${method} ${url} ${JSON.stringify(payload)}`,
    )
  t.equal(host.litellm.requests.length, 0)
  t.match(await host.get('/models'), { body: { total: 0 } })
})

t.test('what the catalogue system of before sends still works', async (t) => {
  for (const url of ['/admin/model-sync/all?dry_run=true', '/admin/model-sync/provider/litellm?dry_run=true'])
    t.match(await host.request({ method: 'POST', url }), { status: 200, body: { result: { dryRun: true } } }, url)
  t.match(await host.get('/models'), { body: { total: 0 } })
  const json = { 'content-type': 'application/json' }
  for (const payload of ['', '{}', 'null'])
    t.match(
      await host.request({
        method: 'POST',
        url: '/admin/model-sync/provider/litellm?dry_run=false',
        payload,
        headers: json,
      }),
      { status: 200, body: { success: true, details: { models_synced: 3 } } },
      payload,
    )
})

t.test('of a member that a body has twice the last counts, as everywhere', async (t) => {
  const json = { 'content-type': 'application/json', authorization }
  const runs = async (): Promise<number> =>
    (await host.get<{ runs: unknown[] }>('/models/sync/history')).body.runs.length
  const before = await runs()
  for (const [payload, dryRun] of [
    ['{"dryRun":false,"dryRun":true}', true],
    ['{"dryRun":true,"dryRun":false}', false],
    ['{"dryRun":true,"providers":[],"providers":["litellm"]}', true],
  ] as const)
    t.match(
      await host.request({ method: 'POST', url: '/models/sync', payload, headers: json }),
      { status: 200, body: { dryRun } },
      payload,
    )
  t.equal(await runs(), before + 1)
})
