/** What replicas cost while nobody wants anything of them, and how soon whoever asks another replica for a sync in progress has its result. */
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import modelSync from '../src/plugin.js'
import { heldUpstream } from '../test/support/held-upstream.js'
import { startPostgresServer } from '../test/support/postgres-server.js'

const REPLICAS = 8
// What was asked for a moment ago is watched for half a minute.
const QUIET_MS = 35_000
const COUNTED_MS = 60_000
const MOST_STATEMENTS = 30
const ROUNDS = 5
const CALLERS = 5
const MOST_LATE_MS = 1000

export async function benchFleet(): Promise<void> {
  const closers: (() => Promise<unknown>)[] = []
  const postgres = await startPostgresServer({ durable: true })
  closers.push(() => postgres.stop())
  const upstream = await heldUpstream({ teardown: (end) => void closers.push(end) })
  upstream.serve(['a', 'b', 'c'])
  const statements = countStatements()
  try {
    const apps: FastifyInstance[] = []
    for (let at = 1; at <= REPLICAS; at++) {
      const app = await open(`replica-${at}`, postgres.url, upstream.url)
      closers.push(() => app.close())
      apps.push(app)
    }
    await joinRuns(apps, upstream)
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    const before = statements.count
    await new Promise((resolve) => setTimeout(resolve, COUNTED_MS))
    const each = Math.ceil((statements.count - before) / REPLICAS)
    console.log(`${REPLICAS} idle replicas: ${each} statements a minute for each`)
    console.log(each <= MOST_STATEMENTS ? 'ok' : `MISSED: ${MOST_STATEMENTS} statements a minute`)
  } finally {
    statements.stop()
    for (const close of closers.reverse()) await close()
  }
}

async function open(replica: string, databaseUrl: string, baseUrl: string): Promise<FastifyInstance> {
  const app = Fastify() as unknown as FastifyInstance
  await app.register(modelSync, {
    ...{
      databaseUrl,
      replica,
      allowUnauthenticated: true,
      priceBook: false,
      syncOnStartup: false,
      settingsPage: false,
    },
    ...{ enabled: true, poolSize: 4, providers: ['openai'] },
    providerOptions: { openai: { baseUrl, apiKey: 'sk-openai-0123456789' } },
  })
  await app.ready()
  return app
}

/** Each round one run, for which callers at all replicas wait. */
async function joinRuns(
  apps: readonly FastifyInstance[],
  upstream: Awaited<ReturnType<typeof heldUpstream>>,
): Promise<void> {
  const late: number[] = []
  let runs = 0
  for (let round = 0; round < ROUNDS; round++) {
    upstream.serve(['a', 'b', 'c', `d${round}`])
    const hold = upstream.hold()
    const ends: number[] = []
    const ids = new Set<string>()
    const ask = async (app: FastifyInstance): Promise<void> => {
      const answer = await app.inject({ method: 'POST', url: '/models/sync' })
      ends.push(performance.now())
      ids.add(answer.json<{ runId: string }>().runId)
    }
    const calls = apps.flatMap((app) => Array.from({ length: CALLERS }, () => ask(app)))
    await hold.arrived
    await new Promise((resolve) => setTimeout(resolve, 500))
    hold.release()
    await Promise.all(calls)
    const [first = 0, ...others] = ends.sort((a, b) => a - b)
    late.push(...others.map((end) => end - first))
    runs += ids.size
  }
  late.sort((a, b) => a - b)
  const p99 = Math.round(late[Math.floor(late.length * 0.99)] ?? 0)
  console.log(
    `${late.length + ROUNDS} calls at ${apps.length} replicas shared ${runs} runs; p99 ${p99} ms after the first answer`,
  )
  console.log(p99 <= MOST_LATE_MS && runs === ROUNDS ? 'ok' : `MISSED: ${MOST_LATE_MS} ms, ${ROUNDS} runs`)
}

/** Of this process, whichever pool they go through. */
function countStatements(): { readonly count: number; stop(): void } {
  const { query } = pg.Client.prototype
  let count = 0
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    count += 1
    return (query as (...given: unknown[]) => unknown).apply(this, given)
  } as typeof query
  return {
    get count() {
      return count
    },
    stop: () => void (pg.Client.prototype.query = query),
  }
}
