/**
 * No secret is found again, whatever upstreams make of it: each provider is asked with a key, and its answers quote what they were asked with in
 * headers, error bodies, members of entries, their names, ids and addresses, as it is and encoded. Then everything is searched that anybody can see.
 */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { sources } from '../../src/sources/all-sources.js'
import { folder, run, start } from '../cli/support.js'
import { TEST_KEY, type FixtureAnswer, type SourceFixture } from '../sources/source-fixture.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { loopback, type Loopback } from '../support/loopback.js'
import { startNewsReceiver } from '../support/news-receiver.js'

needsPostgres()

const USER_KEY = 'sk-anna-5f2c9e81aa77'
const SHORT_USER_KEY = 'sk-bert2025'
const GATEWAY_TOKEN = 'gateway-Token-77aa5f2c9e81'
const PASSWORD = 'pw-of-the-box-5f2c9e81'
const QUERY_TOKEN = 'query-5f2c9e81bb66'
const NEWS_SECRET = `whsec_${randomBytes(24).toString('base64')}`
const CRON_SECRET = 'cron-secret-5f2c9e81cc'
const ENCRYPTION_KEY = randomBytes(32).toString('base64')

/** How an upstream may spell what it was asked with. */
function quotesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    `Bearer ${secret}`,
    `invalid key: ${secret}.`,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`user:${secret}`).toString('base64'),
    bytes.toString('hex'),
    createHash('sha256').update(secret).digest('hex'),
    `https://box.example/v1?key=${secret}#${secret}`,
    `https://${secret}@box.example/`,
  ]
}

/** What is searched for: nothing of it may be found anywhere. */
function needlesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const digest = (encoding: 'hex' | 'base64url') => createHash('sha256').update(secret).digest(encoding)
  const all = [
    ...[secret, secret.toLowerCase(), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
    ...[bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')],
    // Inside a longer text, less the letters that it shares with its neighbours.
    Buffer.from(`user:${secret}`).toString('base64').slice(8, -4),
    ...[digest('hex'), digest('base64url'), digest('hex').slice(0, 32)],
  ]
  return [...new Set(all)].filter(({ length }) => length >= 8)
}

/** Everything secret that came with a request. */
function sentWith({ headers, url }: IncomingMessage): string[] {
  const authorization = headers.authorization ?? ''
  const credential = authorization.replace(/^\w+ /, '')
  const basic = /^basic /i.test(authorization) ? Buffer.from(credential, 'base64').toString().split(':') : []
  const others = ['x-api-key', 'x-goog-api-key', 'api-key', 'x-gateway-token'].flatMap((name) => headers[name] ?? [])
  const query = new URL(url ?? '/', 'http://box').searchParams.get('token')
  return [credential, ...basic.slice(1), ...others.flat(), ...(query === null ? [] : [query])].filter(
    (text) => text.length >= 8,
  )
}

const NAMED = /^(id|name|model_?name|modelId|model|slug|display_?name|description|owned_by|provider|Id|Name)$/i

/** The answer with the quotes in members, as names of members, and in copies of its last entries, in all that names them. */
function quoting(value: unknown, quotes: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const members = (value as unknown[]).map((member) => quoting(member, quotes))
    const last: unknown = members.at(-1)
    if (typeof last !== 'object' || last === null || Array.isArray(last)) return members
    const copies = quotes.map((quote) =>
      Object.fromEntries(
        Object.entries(last).map(([name, member]) => [
          name,
          typeof member === 'string' && NAMED.test(name) ? `${member}-${quote}` : member,
        ]),
      ),
    )
    return [...members, ...copies]
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, quoting(member, quotes)] as const)
  return { ...Object.fromEntries(members), echo: quotes, ...Object.fromEntries(quotes.map((quote) => [quote, quote])) }
}

type Answer = (answer: FixtureAnswer, quotes: readonly string[], response: ServerResponse) => void
const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void =>
  void response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body))

const ANSWERS: Record<string, Answer> = {
  entries: ({ body }, quotes, response) => send(response, 200, quoting(body, quotes)),
  headers: ({ body }, quotes, response) => {
    const [quote = ''] = quotes
    send(response, 200, body, {
      etag: `"${quote}"`,
      'x-request-id': quote,
      link: `<https://box/${quote}>`,
      'retry-after': quote,
    })
  },
  401: (_answer, quotes, response) =>
    send(response, 401, { error: { message: quotes.join(' ') } }, { 'www-authenticate': `Bearer ${quotes[0] ?? ''}` }),
  400: (_answer, quotes, response) => send(response, 400, { detail: quotes.at(-1), message: quotes }),
  403: (_answer, quotes, response) => send(response, 403, { detail: [{ msg: quotes.join(',') }] }),
  404: (_answer, quotes, response) => send(response, 404, `<html>${quotes.join('<br>')}`),
  429: (_answer, quotes, response) => send(response, 429, { message: quotes[4] }, { 'retry-after': quotes[0] ?? '' }),
  error: (_answer, quotes, response) =>
    send(response, 200, {
      error: { message: quotes.join(' ') },
      ...Object.fromEntries(quotes.map((quote) => [quote, 1])),
    }),
  page: (_answer, quotes, response) => send(response, 200, `<html>${quotes.join(' ')}</html>`),
  broken: (_answer, quotes, response) => send(response, 200, `{"data":[{"id":"${quotes[0] ?? ''}",}`),
  redirect: (_answer, quotes, response) =>
    send(response, 302, '', {
      location: `https://${encodeURIComponent(quotes[0] ?? '')}.example/?key=${encodeURIComponent(quotes[0] ?? '')}`,
    }),
  odd: (_answer, quotes, response) =>
    send(response, 200, {
      data: quotes.map((quote) => ({ id: { [quote]: quote }, mode: quote })),
      [quotes[0] ?? 'x']: 1,
    }),
}

t.test('the story', async (t) => {
  t.setTimeout(600_000)
  const database = await createPostgresDatabase(t)
  let answer: Answer = ANSWERS['entries']!
  const sent = new Set<string>()
  const serve = (fixture: SourceFixture): Promise<Loopback> =>
    loopback(t, (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
      const secrets = sentWith(request)
      for (const secret of secrets) sent.add(secret)
      const given = fixture.answer({
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
      })
      const quotes = secrets.flatMap(quotesOf)
      if ((given.status ?? 200) === 200) answer(given, quotes, response)
      else send(response, given.status ?? 404, { error: { message: quotes.join(' ') } })
    })

  const env: Record<string, string> = {}
  const providerOptions: Record<string, Record<string, unknown>> = {}
  const keys: string[] = []
  for (const source of sources) {
    const { slug } = source
    const { default: fixture } = (await import(`../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    const server = await serve(fixture)
    const apiKey = fixture.key ?? `${TEST_KEY}-${slug}`
    keys.push(apiKey)
    providerOptions[slug] = {
      baseUrl: server.url,
      apiKey,
      maxRejectedPercent: 100,
      maxRemovalPercent: 100,
      ...(fixture.settings === undefined ? {} : { keySettings: fixture.settings }),
    }
    if (fixture.settings === undefined && fixture.key === undefined)
      for (const variable of source.key.variables.slice(0, 1)) env[variable] = apiKey
    if (fixture.settings === undefined && slug !== 'litellm')
      env[source.addressVariable ?? `${slug.toUpperCase().replaceAll('-', '_')}_BASE_URL`] = server.url
  }
  const { litellm, ...others } = providerOptions as Record<string, { baseUrl: string; apiKey: string }>
  others['groq'] = { ...others['groq']!, headers: { 'x-gateway-token': GATEWAY_TOKEN } } as never
  const ollama = new URL(others['ollama']!.baseUrl)
  others['ollama'] = {
    ...others['ollama']!,
    baseUrl: `http://box:${PASSWORD}@${ollama.host}`,
    apiKey: undefined,
  } as never
  others['vllm'] = { ...others['vllm']!, baseUrl: `${others['vllm']!.baseUrl}/?token=${QUERY_TOKEN}` }
  const receiver = await startNewsReceiver()
  t.teardown(() => receiver.close())
  receiver.behave({ status: 500 })
  const host = await startHost(t, database, {
    settings: {
      providers: sources.map(({ slug }) => slug),
      providerOptions: others as never,
      litellm: { url: litellm?.baseUrl ?? '', apiKey: litellm?.apiKey ?? '' },
      news: {
        team: { type: 'webhook', url: receiver.url, secret: NEWS_SECRET },
        chat: { type: 'slack', url: receiver.url },
      },
      newsAllowPrivateTargets: true,
      cronSecret: CRON_SECRET,
      encryptionKey: ENCRYPTION_KEY,
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
    },
  })
  const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
  const seen: [where: string, text: string][] = []
  const events = await fetch(`${url}/models/sync/events`)
  void (async () => {
    for await (const chunk of events.body!) seen.push(['SSE', Buffer.from(chunk as Uint8Array).toString()])
  })().catch(() => undefined)

  for (const [user, apiKey] of [
    ['anna', USER_KEY],
    ['bert', SHORT_USER_KEY],
  ] as const)
    for (const provider of ['openai', 'anthropic', 'gemini'])
      seen.push([
        'PUT',
        (
          await host.request({
            method: 'PUT',
            url: `/models/credentials/${provider}`,
            headers: { 'x-user': user },
            payload: { apiKey },
          })
        ).text,
      ])

  async function walk(name: string): Promise<void> {
    const urls = [
      '/models?limit=500',
      '/models/changes?limit=500',
      '/models/changes.atom',
      '/models/stats',
      '/models/health',
      '/models/sync',
      '/models/sync/history?limit=50',
      '/providers',
      '/providers/stats',
      '/v1/models',
      '/models/validate',
      '/models/discrepancies',
      '/models/news',
      '/models/deprecations',
      '/admin/model-sync/status',
      '/admin/model-sync/providers',
    ]
    for (const path of urls) {
      const got = await host.get(path)
      seen.push([`${name} ${path}`, got.text + JSON.stringify(got.headers)])
    }
    for (const user of ['anna', 'bert'])
      for (const path of [
        '/models/credentials',
        '/models?visibleTo=me&limit=500',
        '/models/sync',
        '/models/sync/history',
      ]) {
        const got = await host.get(path, { 'x-user': user })
        seen.push([`${name} ${path} of ${user}`, got.text + JSON.stringify(got.headers)])
      }
  }

  for (const [name, answerOf] of Object.entries(ANSWERS)) {
    answer = answerOf
    for (const body of [{ dryRun: true }, { forceUpdate: true }, {}]) {
      const result = await host.request({ method: 'POST', url: '/models/sync', payload: body })
      seen.push([`${name} sync`, result.text])
    }
    for (const user of ['anna', 'bert']) {
      const result = await host.request({
        method: 'POST',
        url: '/models/sync?keys=own',
        headers: { 'x-user': user },
        payload: {},
      })
      seen.push([`${name} sync of ${user}`, result.text])
    }
    await walk(name)
  }
  answer = ANSWERS['entries']!
  const { rows } = await host.pool.query<{ id: string }>(
    `SELECT p.slug || '/' || m.provider_model_id AS id
    FROM model_sync.models AS m
    JOIN model_sync.providers AS p ON p.id = m.provider_id`,
  )
  t.ok(rows.length > 100, 'models whose names quote keys are there')
  for (const { id } of rows)
    seen.push(
      [id, id],
      [`/models/${id}`, (await host.get(`/models/${id.split('/').map(encodeURIComponent).join('/')}`)).text],
    )
  const cron = {
    method: 'GET',
    url: '/models/sync/cron',
    headers: { authorization: `Bearer ${CRON_SECRET}x` },
  } as const
  seen.push(['cron', (await host.request(cron)).text])
  for (const wait = Date.now() + 5000; receiver.received.length < 2 && Date.now() < wait;) await delay(50)
  seen.push(['news', receiver.received.map(({ body }) => body).join('\n')])

  // The command line, and what others on the machine see of it.
  const cli = {
    ...env,
    DATABASE_URL: database.url ?? '',
    LITELLM_API_URL: litellm?.baseUrl ?? '',
    LITELLM_API_KEY: litellm?.apiKey ?? '',
    MODEL_SYNC_PROVIDERS: 'all',
    LOG_LEVEL: 'trace',
  }
  for (const args of [
    ['providers'],
    ['status'],
    ['list', '--json'],
    ['history', '--json'],
    ['changes', '--json'],
    ['plan', '--verbose'],
    ['sync', '--verbose', '--json'],
  ]) {
    const { stdout, stderr } = await run(args, cli)
    seen.push([`model-sync ${args.join(' ')}`, stdout + stderr])
  }
  const running = start(['sync', '--verbose'], { cwd: await folder(t), env: cli })
  const ps = promisify(execFile)
  const table: string[] = []
  while (running.child.exitCode === null && table.length < 20) {
    table.push((await ps('ps', ['-ww', '-eo', 'args']).catch(() => ({ stdout: '' }))).stdout)
    await Promise.race([delay(200), once(running.child, 'exit')])
  }
  const ended = await running.ended
  t.match(table.join('\n'), 'sync --verbose', 'the process was seen')
  seen.push(['ps', table.join('\n')], ['a process', ended.stdout + ended.stderr])

  const chunks = await host.pool.query<{ entries: Buffer }>('SELECT entries FROM model_sync.upstream_entries')
  seen.push(['stored entries', chunks.rows.map(({ entries }) => gunzipSync(entries).toString()).join('\n')])
  seen.push(['the database', await database.dump()], ['the log', host.log.text()])
  t.ok(host.log.text().length > 10_000, 'there is a log, at level trace')

  const secrets = [
    ...keys,
    ...sent,
    USER_KEY,
    SHORT_USER_KEY,
    GATEWAY_TOKEN,
    PASSWORD,
    QUERY_TOKEN,
    NEWS_SECRET,
    NEWS_SECRET.slice(6),
    'secret-path',
    CRON_SECRET,
    ENCRYPTION_KEY,
  ]
  for (const secret of [
    ...keys.filter((key) => !['test-key-5f2c9e81-morpheus'].includes(key)),
    USER_KEY,
    SHORT_USER_KEY,
    GATEWAY_TOKEN,
    PASSWORD,
    QUERY_TOKEN,
  ])
    if (![...sent].some((one) => one.includes(secret))) t.comment(`not sent: ${secret}`)
  t.ok(sent.size > 30, `${sent.size} secrets were sent and quoted`)
  const found: string[] = []
  for (const needle of new Set(secrets.flatMap(needlesOf)))
    for (const [where, text] of seen) {
      const at = text.indexOf(needle)
      if (at >= 0) found.push(`${where}: ${text.slice(Math.max(0, at - 80), at + needle.length + 20)}`)
    }
  t.strictSame(found.slice(0, 25), [], `of ${found.length} places`)
})
