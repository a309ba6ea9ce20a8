/** Who may write, and what a body may be: in this order 403, 401, 415, 400. */
import t from 'tap'
import { UnauthorizedError } from '../../../src/errors.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type Answer } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

const host = await startHost(t, await createPostgresDatabase(t), {
  litellm: { models: manyRows(3) },
  settings: {
    prefix: '/api/v1',
    allowUnauthenticated: false,
    allowedOrigins: ['https://admin.example.com'],
    authorize: [
      (request, _reply, done) =>
        done(request.headers.authorization === 'Bearer good' ? undefined : new UnauthorizedError('no token')),
      (request, _reply, done) =>
        done(
          request.headers['x-role'] === 'guest'
            ? Object.assign(new Error('guests may not'), { statusCode: 403 })
            : undefined,
        ),
    ],
    authorizeRead: (request, _reply, done) =>
      done(request.headers['x-blocked'] === undefined ? undefined : new UnauthorizedError('no reading')),
  },
})

const AUTHORIZED = { authorization: 'Bearer good' }

function post(payload: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return host.request({
    method: 'POST',
    url: '/api/v1/models/sync',
    headers: { ...AUTHORIZED, ...headers },
    ...(payload === undefined ? {} : { payload: payload as string }),
  })
}

t.test('401 before anything is looked at', async (t) => {
  for (const [payload, type] of [
    [undefined, undefined],
    ['{"no such member": 1}', 'application/json'],
    ['{broken', 'application/json'],
    ['<xml/>', 'text/xml'],
    ['x'.repeat(3_000_000), 'application/json'],
  ] as const) {
    const answer = await post(payload, {
      authorization: 'Bearer wrong',
      ...(type === undefined ? {} : { 'content-type': type }),
    })
    t.match(answer, {
      status: 401,
      body: { statusCode: 401, code: 'FST_MODEL_SYNC_UNAUTHORIZED', error: 'Unauthorized', message: 'no token' },
    })
  }
  t.equal((await host.request({ method: 'DELETE', url: '/api/v1/models/sync' })).status, 401)
  t.equal(host.litellm.requests.length, 0)
  t.match(
    await post(undefined, { 'x-role': 'guest' }),
    { status: 403, body: { message: 'guests may not' } },
    'every hook is asked',
  )
})

t.test('reading has hooks of its own', async (t) => {
  for (const url of [
    '/models',
    '/models/x',
    '/models/sync',
    '/models/sync/history',
    '/models/changes',
    '/models/stats',
    '/models/health',
    '/v1/models',
    '/v1/models/x',
    '/models?limit=0',
  ]) {
    t.equal((await host.get(url, { 'x-blocked': '1' })).status, 401, url)
    t.not((await host.get(url)).status, 401, url)
  }
})

t.test('writes from another site’s page are refused, before the token', async (t) => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:81' },
    { origin: 'http://localhost.evil.example' },
    { origin: 'https://admin.example.com.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost:80', 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) {
    const answer = await post(undefined, headers)
    t.match(
      answer,
      { status: 403, body: { code: 'FST_MODEL_SYNC_FOREIGN_ORIGIN', message: /allowedOrigins/ } },
      JSON.stringify(headers),
    )
    t.equal(
      (await host.request({ method: 'DELETE', url: '/api/v1/models/sync', headers: { ...AUTHORIZED, ...headers } }))
        .status,
      403,
    )
    t.equal((await post(undefined, { ...headers, authorization: 'x' })).status, 403)
  }
  t.equal(host.litellm.requests.length, 0)
  const own: Record<string, string>[] = [
    {},
    { origin: 'http://localhost' },
    { origin: 'http://localhost', host: 'localhost' },
    { origin: 'https://localhost', host: 'localhost' },
    { origin: 'https://localhost', host: 'localhost:443' },
    { origin: 'https://localhost:8443', host: 'localhost:8443' },
    { origin: 'http://[::1]:8081', host: '[::1]:8081' },
    { origin: 'https://admin.example.com' },
    { origin: 'https://admin.example.com', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]
  for (const headers of own) t.equal((await post({ dryRun: true }, headers)).status, 200, JSON.stringify(headers))
  t.equal((await host.get('/models', { origin: 'https://evil.example' })).status, 200, 'reading is not writing')
})

t.test('a body is JSON or absent', async (t) => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/xml',
    'application/octet-stream',
  ]) {
    const answer = await post('dryRun=true', { 'content-type': type })
    t.match(
      answer,
      { status: 415, body: { statusCode: 415, code: /^FST_MODEL_SYNC_/, error: 'Unsupported Media Type' } },
      type,
    )
  }
  for (const [payload, headers] of [
    [undefined, {}],
    [undefined, { 'content-type': 'application/json' }],
    ['', { 'content-type': 'application/json' }],
    ['  \n', { 'content-type': 'application/json' }],
    ['null', { 'content-type': 'application/json' }],
    ['{}', { 'content-type': 'application/json; charset=utf-8' }],
  ] as const)
    t.match(await post(payload, headers), { status: 200, body: { success: true } }, JSON.stringify([payload, headers]))
})

t.test('what a body may say', async (t) => {
  const json = { 'content-type': 'application/json' }
  const wrong: [body: string, message: RegExp][] = [
    ['{"dryrun": true}', /"dryrun", which is not known here; did you mean dryRun\?/],
    ['{"dryRun": true, "force": true}', /"force".*not known/],
    ['{"dryRun": "true"}', /^dryRun in the body is "true": expected true or false$/],
    ['{"dryRun": 1}', /dryRun in the body is 1: expected true or false/],
    ['{"markUnavailable": "false"}', /markUnavailable in the body is "false": expected true or false/],
    ['{"providers": "litellm"}', /providers in the body is "litellm": expected a list/],
    ['{"providers": [5]}', /providers\.0 in the body is 5: expected a text/],
    ['[]', /the body is not valid: expected an object/],
    ['"text"', /the body is "text": expected an object/],
    ['{broken', /JSON/],
    ['{"__proto__": {"dryRun": true}}', /prototype|proto|not known|valid JSON/i],
    ['{"providers": ["nobody"]}', /no provider "nobody".*litellm/],
  ]
  host.litellm.requests.length = 0
  for (const [body, message] of wrong) {
    const answer = await post(body, json)
    t.match(
      answer,
      { status: 400, body: { statusCode: 400, code: /^FST_MODEL_SYNC_/, error: 'Bad Request', message } },
      body,
    )
  }
  t.equal(host.litellm.requests.length, 0, 'none of them starts a sync')
  t.match(await post('x'.repeat(9_000_000), json), { status: 413, body: { code: /^FST_MODEL_SYNC_/ } })
  t.match(await post('{"providers": ["litellm", "litellm"], "dryRun": true}', json), {
    status: 200,
    body: { providers: [{ provider: 'litellm' }] },
  })
  t.match(await post('{"providers": []}', json), { status: 200, body: { providers: [{ provider: 'litellm' }] } })
})

t.test('a failed manual sync is logged', async (t) => {
  host.litellm.setFault('/model/info', { kind: 'html' })
  t.match(await post(undefined), { status: 200, body: { success: false } })
  t.match(await host.log.waitFor('Manual model sync failed'), { level: 50, errors: [/^litellm: /] })
  host.litellm.setFault('/model/info', null)
})

t.test('paths and methods that are not there', async (t) => {
  t.equal((await host.request({ method: 'PUT', url: '/api/v1/models/sync' })).status, 405)
  t.equal((await host.get('/models/sync/nothing')).status, 404)
  t.match(await host.get('/models/sync/history/not-a-uuid'), {
    status: 404,
    body: { code: 'FST_MODEL_SYNC_NOT_FOUND' },
  })
  t.match(await host.get('/models/sync/history/00000000-0000-4000-8000-000000000000'), {
    status: 404,
    body: { message: /no run.*history/ },
  })
})
