/** Several reference backends, each a process of its own, over one real PostgreSQL, perhaps through a real PgBouncer: started, killed, paused and asked as a test says. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { checkFleet } from '../../stories/fleet/check-fleet.js'
import { startNewsReceiver } from '../../support/news-receiver.js'
import { startPgBouncer } from '../../support/pgbouncer.js'
import { startPostgresServer } from '../../support/postgres-server.js'
import { program } from '../../support/program.js'
import { CLOCK, startFleetUpstream, type FleetUpstream } from './fleet-upstream.js'
import { processOfPort } from './process-of-port.js'

export const LEASE_MS = 2000
export const INTERVAL_MS = 3600
/** Within which a run of a replica that was killed has ended. */
export const TAKE_OVER_MS = LEASE_MS + 2000

const SERVER = program(new URL('../../../src/server.js', import.meta.url))
const TOKEN = 'a-token-of-the-tests-that-is-long'
const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const SLUGS = ['one', 'two', 'three']
const BOOT_MS = 60_000

export interface Replica {
  name: string
  url: string
  child: ChildProcess
}

export interface FleetOptions {
  replicas: number
  pgbouncer: boolean
}

export interface Answer {
  status: number
  body: SyncResult
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>

export async function startFleet(t: Test, { replicas: size, pgbouncer }: FleetOptions) {
  // Its own, since it is restarted; durable, so that a commit that was answered outlives that.
  const postgres = await startPostgresServer({ durable: true })
  t.teardown(() => postgres.stop())
  const databaseUrl = pgbouncer ? await startPgBouncer(t, postgres.url, 'transaction') : postgres.url
  const cwd = await mkdtemp(path.join(tmpdir(), 'model-sync-fleet-'))
  t.teardown(() => rm(cwd, { recursive: true, force: true }))
  const receiver = await startNewsReceiver()
  t.teardown(() => receiver.close())
  const upstreams: FleetUpstream[] = []
  for (const slug of SLUGS) upstreams.push(await startFleetUpstream(t, slug))
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 })
  // A restart ends idle connections; the next query opens others.
  pool.on('error', () => undefined)
  t.teardown(() => pool.end())
  const replicas = new Map<string, Replica>()
  const pins = new Map<string, number>()
  const locals = new Set<string>()

  const env = {
    PATH: process.env['PATH'],
    TMPDIR: tmpdir(),
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ADMIN_TOKEN: TOKEN,
    MODEL_SYNC_OPENAI_COMPATIBLE: upstreams.map(({ slug, url }) => `${slug}=${url}/v1`).join(','),
    MODEL_SYNC_PROVIDERS: SLUGS.join(','),
    MODEL_SYNC_INTERVAL_HOURS: String(INTERVAL_MS / 3_600_000),
    MODEL_SYNC_LEASE_SECONDS: String(LEASE_MS / 1000),
    MODEL_SYNC_PRICE_BOOK: 'false',
    MODEL_SYNC_NEWS: JSON.stringify({ team: { type: 'webhook', url: receiver.url, secret: SECRET } }),
    MODEL_SYNC_NEWS_ALLOW_PRIVATE: 'true',
    MODEL_SYNC_RATE_LIMIT_WRITES: '0',
    LOG_LEVEL: process.env['FLEET_LOG'] ?? 'warn',
  }

  async function start(name: string): Promise<void> {
    const child = spawn(process.execPath, [...SERVER.execArgv, SERVER.file], {
      cwd,
      env: { ...env, MODEL_SYNC_REPLICA: name },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kill = (): void => void child.kill('SIGKILL')
    process.once('exit', kill)
    child.once('exit', () => process.off('exit', kill))
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed = (printed + chunk.toString()).slice(-20_000)
        if (process.env['FLEET_LOG'] !== undefined) process.stderr.write(`${name} ${chunk.toString()}`)
      })
    const url = await until(`${name} to listen`, BOOT_MS, () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${printed}`)
      return /^Settings page: (\S+)\/settings$/m.exec(printed)?.[1]
    })
    replicas.set(name, { name, url, child })
    await until(`${name} to be ready`, BOOT_MS, () => isReady(url))
  }

  async function end(replica: Replica, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (replica.child.exitCode !== null || replica.child.signalCode !== null) return
    const exited = once(replica.child, 'exit')
    replica.child.kill(signal)
    await exited
  }
  t.teardown(() => Promise.all([...replicas.values()].map((replica) => end(replica, 'SIGKILL'))))

  const nameOf = (pid: number | null): string => {
    const found = [...replicas.values()].find(({ child }) => child.pid === pid)
    if (found === undefined) throw new Error(`no replica is process ${pid}`)
    return found.name
  }
  const get = (name: string): Replica => {
    const replica = replicas.get(name)
    if (replica === undefined) throw new Error(`there is no replica ${name}`)
    return replica
  }

  const fleet = {
    names: Array.from({ length: size }, (_, at) => `replica-${at + 1}`),
    ...{ upstreams, receiver, pool, postgres, pins, locals, replicas, start },

    /** Whose request an upstream has from this port. */
    askedBy: (port: number): string =>
      nameOf(
        processOfPort(
          port,
          [...replicas.values()].flatMap(({ child }) => child.pid ?? []),
        ),
      ),

    async kill(name: string): Promise<void> {
      await end(get(name), 'SIGKILL')
    },
    async stop(name: string): Promise<void> {
      await end(get(name), 'SIGTERM')
    },
    pause: (name: string): void => void get(name).child.kill('SIGSTOP'),
    resume: (name: string): void => void get(name).child.kill('SIGCONT'),

    async request<Body = SyncResult>(
      name: string,
      method: string,
      url: string,
      body?: object,
    ): Promise<{ status: number; body: Body }> {
      const answer = await fetch(`${get(name).url}${url}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: (await answer.json()) as Body }
    },

    /** Never rejects: the replica may be killed meanwhile. */
    sync: (name: string): Promise<Answer | Error> =>
      fleet.request(name, 'POST', '/models/sync').catch((error: Error) => error),

    async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
      return (await pool.query(text, values)).rows as Row[]
    },

    /** Runs without an end. */
    open: (): Promise<{ id: string; replica: string }[]> =>
      fleet.query('SELECT id, replica FROM model_sync.sync_runs WHERE finished_at IS NULL ORDER BY started_at'),

    /** Syncs until the catalogue must be what the upstreams say now, waits for the news, and checks the database. */
    async check(name: string, { ordered = true } = {}): Promise<string[]> {
      for (const upstream of upstreams) upstream.fail(0)
      receiver.behave({ status: 204 })
      // The first may join one that had asked before; whoever comes after its end cannot.
      const answers = [await fleet.sync(name), await fleet.sync(name)]
      const last = answers[1]!
      const failed = last instanceof Error ? [`the last sync failed: ${last.message}`] : []
      await fleet.request(name, 'PATCH', '/models/news/team', { enabled: true })
      const look = async (): Promise<string[]> => [
        ...failed,
        ...(await checkFleet(pool, {
          stands: new Map(upstreams.map(({ slug, stand }) => [slug, stand])),
          ...{ pins, locals, clock: ordered ? CLOCK : null },
          news: receiver.accepted().map(({ headers, json }) => ({
            id: String(headers['webhook-id']),
            changes: (json.data['changes'] ?? []) as { id: number }[],
          })),
        })),
      ]
      // News and the end of a tick may still come.
      for (const giveUpAt = Date.now() + 12_000; ;) {
        const wrong = await look()
        if (wrong.length === 0 || Date.now() > giveUpAt) return wrong
        await pause(250)
      }
    },
  }
  await Promise.all(fleet.names.map((name) => start(name)))
  return fleet
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Looks every 10 ms. @throws Error when there is nothing within the time */
export async function until<T>(
  what: string,
  ms: number,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  for (const giveUpAt = Date.now() + ms; ;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > giveUpAt) throw new Error(`waited ${ms} ms for ${what}`)
    await pause(10)
  }
}

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/models/health`)).ok
}
