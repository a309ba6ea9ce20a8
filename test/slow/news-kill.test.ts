/** The reference backend is killed at the worst moments, before a receiver that fails in every way: each change arrives once, and every message is signed. */
import { once } from 'node:events'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { modelRow, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { startNewsReceiver, type Received } from '../support/news-receiver.js'
import { program } from '../support/program.js'

needsPostgres()

const SERVER = program(new URL('../../src/server.js', import.meta.url))
const TOKEN = 'a-token-of-the-tests-that-is-long'
const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const WAIT_MS = 20_000

const database = await createPostgresDatabase(t)
const cwd = await mkdtemp(path.join(tmpdir(), 'model-sync-kill-'))
t.teardown(() => rm(cwd, { recursive: true, force: true }))
const litellm = await startLoopbackLiteLLM({ models: [modelRow({ model_name: 'first' })] })
t.teardown(() => litellm.close())
const slow = await startLoopbackLiteLLM({ models: [modelRow({ model_name: 'slow' })] })
t.teardown(() => slow.close())
const pool = new pg.Pool({ ...database.poolConfig, max: 2 })
t.teardown(() => pool.end())

let receiver = await startNewsReceiver()
t.teardown(() => receiver.close())
/** Of receivers that are gone. */
const before: Received[] = []
const { port } = receiver

/** Of each server that ran; each but the last was killed. */
let server: { child: ChildProcessWithoutNullStreams; url: string }

async function start(): Promise<void> {
  const child = spawn(process.execPath, [...SERVER.execArgv, SERVER.file], {
    cwd,
    env: {
      PATH: process.env.PATH,
      TMPDIR: tmpdir(),
      PORT: '0',
      DATABASE_URL: database.url!,
      ADMIN_TOKEN: TOKEN,
      LITELLM_API_URL: litellm.url,
      LITELLM_API_KEY: litellm.key,
      MODEL_SYNC_OPENAI_COMPATIBLE: `slow=${slow.url}/v1;key=SLOW_KEY`,
      SLOW_KEY: slow.key,
      MODEL_SYNC_PROVIDERS: 'litellm',
      MODEL_SYNC_ON_STARTUP: 'false',
      MODEL_SYNC_TIMEOUT_MS: '500',
      MODEL_SYNC_LEASE_SECONDS: '2',
      MODEL_SYNC_NEWS: JSON.stringify({ team: { type: 'webhook', url: receiver.url, secret: SECRET } }),
      MODEL_SYNC_NEWS_ALLOW_PRIVATE: 'true',
    },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const address = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${printed}`)
    return /^Settings page: (\S+)\/settings$/m.exec(printed)?.[1]
  })
  server = { child, url: address }
  // One that is killed as it sends what its predecessor owed never gets there.
  await until(async () => child.signalCode !== null || (await fetch(`${address}/models/health`).catch(() => null))?.ok)
}

async function kill(): Promise<void> {
  const ended = once(server.child, 'exit')
  server.child.kill('SIGKILL')
  await ended
}

async function request<Body>(method: string, url: string, body?: object): Promise<Body> {
  const answer = await fetch(`${server.url}${url}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Body
}

const sync = (): Promise<{ success: boolean }> => request('POST', '/models/sync')
/** Spares the pause after a failure. */
const tryNow = (): Promise<unknown> => request('PATCH', '/models/news/team', { enabled: true })

async function news(): Promise<{ state: string; pending: number; lastError: string | null }> {
  const { subscriptions } = await request<{ subscriptions: Awaited<ReturnType<typeof news>>[] }>('GET', '/models/news')
  return subscriptions[0]!
}

async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + WAIT_MS
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`waited ${WAIT_MS} ms for ${String(look)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const add = (name: string): void => void litellm.models.push(modelRow({ model_name: name }))

t.test('each change once, whatever happens', async (t) => {
  await t.test('killed while the receiver hangs', async () => {
    receiver.behave('hang')
    await start()
    await sync()
    await until(() => receiver.received.length > 0)
    await kill()
  })

  await t.test('killed while it waits for a receiver that answered 500', async (t) => {
    receiver.behave({ status: 500 })
    await start()
    await until(async () => (await news()).state === 'failing')
    t.match(await news(), { pending: 1, lastError: /answered 500/ })
    await kill()
  })

  await t.test('the receiver is down', async () => {
    before.push(...receiver.received)
    await receiver.close()
    litellm.models[0]!.model_info.max_input_tokens = 4242
    await start()
    await sync()
    await tryNow()
    await until(async () => {
      const { state, pending, lastError } = await news()
      return state === 'failing' && pending === 2 && lastError?.includes('ECONNREFUSED')
    })
  })

  await t.test('killed between the commit and the message', async (t) => {
    const client = await pool.connect()
    await client.query('BEGIN')
    await client.query('SELECT FROM model_sync.news_subscriptions FOR UPDATE')
    add('second')
    t.match(await sync(), { success: true })
    await kill()
    await client.query('ROLLBACK')
    client.release()
    const { rows } = await pool.query<{ waiting: number }>(
      'SELECT count(*)::integer AS waiting FROM model_sync.news_deliveries',
    )
    t.equal(rows[0]?.waiting, 2, 'nobody has made the message yet')
  })

  await t.test('killed when the receiver had taken the message, before that was noted', async (t) => {
    receiver = await startNewsReceiver(port)
    receiver.behave(() => {
      server.child.kill('SIGKILL')
      return { status: 204 }
    })
    await start()
    await tryNow().catch(() => undefined)
    await until(() => server.child.signalCode !== null)
    t.equal(receiver.received.length, 1)
  })

  await t.test('killed between two providers of a run: told once the run is known to be dead', async (t) => {
    receiver.behave({ status: 204 })
    slow.setFault('/v1/models', { kind: 'hang' })
    await start()
    await until(async () => (await news()).pending === 0)
    add('third')
    const dying = request('POST', '/models/sync', { providers: ['litellm', 'slow'] }).catch(() => 'cut off')
    await until(async () => {
      const { rows } = await pool.query(`SELECT FROM model_sync.models WHERE provider_model_id = 'third'`)
      return rows.length > 0
    })
    await tryNow()
    t.notMatch(receiver.received.map(({ body }) => body).join(), 'litellm/third', 'the run may still go on')
    await kill()
    t.equal(await dying, 'cut off')
    slow.setFault('/v1/models', null)
    // Of the same host, its process gone, and silent for two minutes: so the next one ends the run as it starts.
    await pool.query(
      `UPDATE model_sync.sync_runs SET alive_at = now() - interval '2 minutes' WHERE finished_at IS NULL`,
    )
    await start()
    await tryNow()
    await until(() => receiver.received.some(({ body }) => body.includes('litellm/third')))
    await until(async () => (await news()).pending === 0)
  })

  await t.test('what the receiver has', async (t) => {
    interface Change {
      id: number
      modelId: string
      kind: string
    }
    const all = [...before, ...receiver.received]
    const webhook = new Webhook(SECRET)
    for (const { body, headers } of all) t.ok(webhook.verify(body, headers as Record<string, string>))
    const once = new Map(receiver.accepted().map((message) => [message.headers['webhook-id'], message.json.data]))
    t.ok(all.length >= once.size + 3, `${all.length} attempts, ${once.size} messages`)
    t.ok(receiver.accepted().length > once.size, 'one of them came twice, under one id')
    // That a run died is news of its own, without changes.
    const told = [...once.values()].flatMap((data) => (data['changes'] as Change[] | undefined) ?? [])
    const { changes } = await request<{ changes: Change[] }>('GET', '/models/changes?limit=500')
    t.strictSame(
      told.map(({ id, kind, modelId }) => ({ id, kind, modelId })),
      changes.map(({ id, kind, modelId }) => ({ id, kind, modelId })).reverse(),
      'every change, each once, in their order',
    )
    t.equal(changes.length, 5, 'with those of the provider that the dead run had not come to')
  })
})
