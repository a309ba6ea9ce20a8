/** A sync of a LiteLLM proxy into PostgreSQL, beside the floor that every design has to pay. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { migrate } from '../src/store/migrate.js'
import { startPostgresServer } from '../test/support/postgres-server.js'
import { serverCpu } from './cpu.js'
import { bareFetch, createFloor, readAll, upsertAll } from './floor.js'
import { digits, median, printTable, ratio, timed, verdict } from './measure.js'
import { emptyCatalogue, openOurs, type Ours } from './ours.js'
import type { Probe } from './probe.js'
import type { UpstreamReady, UpstreamState } from './upstream.js'

const SIZES = [100, 1_000, 10_000, 50_000]
/** Size at which memory and the event loop are looked at. */
const PROBED_SIZE = 10_000
const PROBES = 5

const TARGETS = {
  first: 2,
  /** ms, and ms per MB of the body that was sent, beyond the bare fetch. */
  unchangedMs: 5,
  unchangedMsPerMb: 3,
  unchangedStatements: 5,
  rows: 1.8,
  changed: 1.3,
  linear: 1.3,
  memory: 2,
  blockMs: 100,
}

const SCENARIOS = ['first', '304', 'sameHash', 'rows', 'changed', 'removed'] as const
type Scenario = (typeof SCENARIOS)[number]
const LABELS: Readonly<Record<Scenario, string>> = {
  first: 'first sync',
  '304': 'unchanged body, 304',
  sameHash: 'unchanged body, same hash',
  rows: 'unchanged rows, shuffled',
  changed: '1 % changed',
  removed: '10 % removed',
}

/** ms of each repetition. */
interface Measured {
  models: number
  /** Of the body of /model/info. */
  megabytes: number
  ours: Record<Scenario, number[]>
  floor: Record<Scenario, number[]>
  statements: Record<Scenario, number>
  /** ms of CPU that ours took, in this process and in PostgreSQL. */
  cpu: Record<Scenario, { node: number; postgres: number }[]>
}

export async function benchSync(sizes: readonly number[]): Promise<void> {
  const postgres = await startPostgresServer({ durable: true })
  const upstream = fork(new URL('./upstream.ts', import.meta.url))
  try {
    const set = (state: UpstreamState): Promise<UpstreamReady> => tell(upstream, state)
    const { url } = await set({ models: 1, rows: 'same', seed: 0, etag: false })
    const ours = openOurs(postgres.url, url)
    await migrate(ours.pool, { schema: 'model_sync' })
    await createFloor(ours.pool)
    const measured: Measured[] = []
    for (const models of sizes.length > 0 ? sizes : SIZES) {
      measured.push(await measureSize(ours, () => serverCpu(postgres.pid), url, set, models))
      printSize(measured.at(-1)!)
    }
    printLinearity(measured)
    if (sizes.length === 0 || sizes.includes(PROBED_SIZE)) await probeSize(ours, postgres.url, url, set)
    await ours.close()
  } finally {
    upstream.kill()
    await postgres.stop()
  }
}

type SetUpstream = (state: UpstreamState) => Promise<UpstreamReady>

async function measureSize(
  ours: Ours,
  postgresCpu: () => number,
  url: string,
  set: SetUpstream,
  models: number,
): Promise<Measured> {
  const none = <T>(): Record<Scenario, T[]> => ({
    first: [],
    '304': [],
    sameHash: [],
    rows: [],
    changed: [],
    removed: [],
  })
  const measured: Measured = {
    models,
    megabytes: 0,
    ours: none(),
    floor: none(),
    statements: { first: 0, '304': 0, sameHash: 0, rows: 0, changed: 0, removed: 0 },
    cpu: none(),
  }
  const { pool } = ours
  const pair = async (scenario: Scenario, floor: () => Promise<unknown>): Promise<void> => {
    measured.floor[scenario].push(await timed(floor))
    ours.statements = 0
    let cpu = { node: 0, postgres: 0 }
    measured.ours[scenario].push(
      await timed(async () => {
        const [node, postgres] = [process.cpuUsage(), postgresCpu()]
        await ours.sync()
        const { user, system } = process.cpuUsage(node)
        cpu = { node: (user + system) / 1e3, postgres: postgresCpu() - postgres }
      }),
    )
    measured.cpu[scenario].push(cpu)
    measured.statements[scenario] = ours.statements
  }
  const repetitions = models >= 50_000 ? 3 : models >= 10_000 ? 7 : 11
  // The first repetition warms up: code is compiled, connections are made.
  for (let seed = 0; seed <= repetitions; seed++) {
    if (seed === 1) Object.assign(measured, { ours: none(), floor: none(), cpu: none() })
    const ready = await set({ models, rows: 'same', seed, etag: true })
    measured.megabytes = ready.bytes / 1e6
    await pool.query('TRUNCATE floor')
    await emptyCatalogue(pool)
    await pair('first', () => upsertAll(pool, url))
    const etag = await bareFetch(url, null)
    await pair('304', () => bareFetch(url, etag))
    await set({ models, rows: 'same', seed, etag: false })
    await pair('sameHash', () => bareFetch(url, null))
    await set({ models, rows: 'shuffled', seed, etag: true })
    await pair('rows', () => readAll(pool, url))
    await set({ models, rows: 'changed', seed, etag: true })
    await pair('changed', () => readAll(pool, url))
    await set({ models, rows: 'removed', seed, etag: true })
    await pair('removed', () => readAll(pool, url))
  }
  return measured
}

function printSize(measured: Measured): void {
  const { models, megabytes, ours, floor, statements, cpu } = measured
  console.log(
    `\n${digits(models, 0)} models, ${digits(megabytes)} MB, median of ${ours.first.length}; ms, ratio to the floor`,
  )
  const targets: Record<Scenario, string> = {
    first: verdict(ratio(ours.first, floor.first), TARGETS.first),
    '304': beyond(measured, '304', 0),
    sameHash: beyond(measured, 'sameHash', megabytes),
    rows: verdict(ratio(ours.rows, floor.rows), TARGETS.rows),
    changed: `${digits(ratio(ours.changed, ours.rows), 2)} × unchanged rows ${verdict(ratio(ours.changed, ours.rows), TARGETS.changed)}`,
    removed: '',
  }
  printTable(
    ['scenario', 'ours', 'CPU Node', 'CPU PostgreSQL', 'floor', 'ratio', 'statements', 'target'],
    SCENARIOS.map((scenario) => [
      LABELS[scenario],
      digits(median(ours[scenario])),
      digits(median(cpu[scenario].map(({ node }) => node))),
      digits(median(cpu[scenario].map(({ postgres }) => postgres))),
      digits(median(floor[scenario])),
      digits(ratio(ours[scenario], floor[scenario]), 2),
      String(statements[scenario]),
      targets[scenario],
    ]),
  )
}

/** An unchanged body is judged by what it costs beyond the bare fetch. */
function beyond({ ours, floor, statements }: Measured, scenario: Scenario, megabytes: number): string {
  const more = median(ours[scenario].map((ms, index) => ms - floor[scenario][index]!))
  const allowed = TARGETS.unchangedMs + TARGETS.unchangedMsPerMb * megabytes
  const many =
    statements[scenario] > TARGETS.unchangedStatements ? `, statements OVER ${TARGETS.unchangedStatements}` : ''
  return `+${digits(more)} ms ${verdict(more, allowed, ' ms')}${many}`
}

function printLinearity(measured: readonly Measured[]): void {
  const small = measured.find(({ models }) => models === 1_000)
  const large = measured.find(({ models }) => models === 50_000)
  if (small === undefined || large === undefined) return
  console.log('\nLinearity: ms per model at 50,000 by ms per model at 1,000')
  printTable(
    ['scenario', 'ours', 'floor', 'target'],
    SCENARIOS.filter((scenario) => scenario !== '304').map((scenario) => {
      const growth = (times: Record<Scenario, number[]>, other: Record<Scenario, number[]>): number =>
        median(other[scenario]) / large.models / (median(times[scenario]) / small.models)
      const grown = growth(small.ours, large.ours)
      return [
        LABELS[scenario],
        digits(grown, 2),
        digits(growth(small.floor, large.floor), 2),
        verdict(grown, TARGETS.linear),
      ]
    }),
  )
}

/** Each run in a process of its own, so that nothing is warm and nothing is left of another run. */
async function probeSize(ours: Ours, databaseUrl: string, url: string, set: SetUpstream): Promise<void> {
  const scenarios = ['first', 'rows', 'changed', 'removed'] as const
  const found: Record<(typeof scenarios)[number], Probe[]> = { first: [], rows: [], changed: [], removed: [] }
  const bare: Probe[] = []
  for (let seed = 1; seed <= PROBES; seed++) {
    await emptyCatalogue(ours.pool)
    for (const scenario of scenarios) {
      const rows = scenario === 'first' ? 'same' : scenario === 'rows' ? 'shuffled' : scenario
      await set({ models: PROBED_SIZE, rows, seed, etag: true })
      if (scenario === 'first') bare.push(await probe('floor', databaseUrl, url))
      found[scenario].push(await probe('ours', databaseUrl, url))
    }
  }
  const bareMb = median(bare.map(({ peakMb }) => peakMb))
  console.log(
    `\nOne sync of ${digits(PROBED_SIZE, 0)} models in a process of its own, median of ${PROBES}; one that only fetches and parses peaks at ${digits(bareMb, 0)} MB`,
  )
  printTable(
    ['scenario', 'peak MB', 'ratio', 'target', 'longest block ms', 'target'],
    scenarios.map((scenario) => {
      const peakMb = median(found[scenario].map((probe) => probe.peakMb))
      const blockMs = median(found[scenario].map((probe) => probe.longestBlockMs))
      return [
        LABELS[scenario],
        digits(peakMb, 0),
        digits(peakMb / bareMb, 2),
        verdict(peakMb / bareMb, TARGETS.memory),
        digits(blockMs, 0),
        verdict(blockMs, TARGETS.blockMs, ' ms'),
      ]
    }),
  )
}

async function probe(kind: 'ours' | 'floor', databaseUrl: string, url: string): Promise<Probe> {
  const child = fork(new URL('./probe.ts', import.meta.url), [kind, databaseUrl, url])
  const exited = once(child, 'exit')
  const answered = once(child, 'message')
  const [first] = (await Promise.race([answered, exited])) as [Probe | number]
  if (typeof first !== 'object') throw new Error(`the probed process ended with ${first}`)
  await exited
  return first
}

async function tell(child: ChildProcess, state: UpstreamState): Promise<UpstreamReady> {
  const answered = once(child, 'message')
  child.send(state)
  const [ready] = (await answered) as [UpstreamReady]
  return ready
}
