/**
 * The command line syncs every provider at once, from upstreams that let each request wait: beside the least that the waiting alone takes, and the
 * applies. Providers are applied side by side, while others still wait: the applies count as long as at least one of them is in progress.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { SyncResult } from '../src/core/records/sync-result.js'
import { startPostgresServer } from '../test/support/postgres-server.js'
import { digits, printTable, verdict } from './measure.js'
import type { ProviderUpstreams, ProviderUpstreamsOrder } from './provider-upstreams.js'

const MODELS = 60_000
const LATENCY_MS = 200
/** The default. */
const CONCURRENCY = 8
const CLI = new URL('../dist/cli.js', import.meta.url)

const TARGETS = {
  /** Of the waiting; the applies come on top. */
  wall: 1.5,
  peakMb: 300,
}

/** One sync of all. */
interface Run {
  name: string
  result: SyncResult
  peakMb: number
  /** Of all threads. */
  cpuMs: number
  /** ms in which at least one provider was being applied. */
  appliedMs: number
}

export async function benchProviders(sizes: readonly number[]): Promise<void> {
  if (!existsSync(CLI)) throw new Error('this benchmark runs the built program: npm run build')
  const postgres = await startPostgresServer({ durable: true })
  const upstreams = fork(new URL('./provider-upstreams.ts', import.meta.url))
  try {
    const order: ProviderUpstreamsOrder = { models: sizes[0] ?? MODELS, latencyMs: LATENCY_MS }
    const { environment, requests } = (await tell(upstreams, order)) as ProviderUpstreams
    const given = { PATH: process.env['PATH'], DATABASE_URL: postgres.url, ...environment }
    const idle = await measure(['providers', '--json'], given)
    const runs: Run[] = []
    for (const name of ['first', 'again']) {
      const { output, ...measured } = await measure(['sync', '--json'], given)
      const result = JSON.parse(output) as SyncResult
      if (!result.success) throw new Error(`the sync failed: ${result.errors.join('; ')}`)
      runs.push({ name, result, ...measured })
    }
    print(requests, runs, idle.peakMb)
  } finally {
    upstreams.kill()
    await postgres.stop()
  }
}

/** Runs the command line in a process of its own. @throws when it fails */
async function measure(
  words: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ output: string } & Omit<Run, 'name' | 'result'>> {
  const child = spawn(
    process.execPath,
    [`--import=${new URL('./watched.js', import.meta.url).href}`, fileURLToPath(CLI), ...words],
    { env, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const [, out, err, watched] = child.stdio
  const exited = once(child, 'exit') as Promise<[number | null]>
  const [output, errors, told] = await Promise.all([text(out!), text(err!), text(watched as typeof out & object)])
  const [code] = await exited
  if (code !== 0) throw new Error(`model-sync ${words.join(' ')} ended with ${code}: ${errors}`)
  const { peakKib, cpuMs, applies } = JSON.parse(told) as { peakKib: number; cpuMs: number; applies: Interval[] }
  return { output, peakMb: peakKib / 1024, cpuMs, appliedMs: covered(applies) }
}

/** From when to when, ms. */
type Interval = [from: number, to: number]

/** ms that lie in at least one of them. */
function covered(intervals: readonly Interval[]): number {
  let total = 0
  let reached = -Infinity
  for (const [from, to] of [...intervals].sort(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return total
}

function print(requests: readonly number[], runs: readonly Run[], idleMb: number): void {
  const longest = Math.max(...requests)
  const all = sum(requests)
  const waitingMs = Math.max(LATENCY_MS * longest, (LATENCY_MS * all) / CONCURRENCY)
  console.log(
    `\n${requests.length} providers, ${CONCURRENCY} at once, ${LATENCY_MS} ms latency; ${all} pages, ${longest} of the longest: waiting alone takes ${digits(waitingMs, 0)} ms.\nThe program peaks at ${digits(idleMb, 0)} MB when it syncs nothing`,
  )
  printTable(
    ['sync', 'models', 'wall ms', 'applying ms', 'slowest ms', 'allowed ms', 'target', 'CPU ms', 'peak MB', 'target'],
    runs.map(({ name, result, peakMb, cpuMs, appliedMs }) => {
      const slowest = Math.max(...result.providers.map(({ applyMs }) => applyMs))
      const allowed = TARGETS.wall * waitingMs + appliedMs
      return [
        name,
        digits(result.totalModels, 0),
        digits(result.durationMs, 0),
        digits(appliedMs, 0),
        digits(slowest, 0),
        digits(allowed, 0),
        verdict(result.durationMs / allowed, 1),
        digits(cpuMs, 0),
        digits(peakMb, 0),
        verdict(peakMb, TARGETS.peakMb, ' MB'),
      ]
    }),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Its answer. @throws when it ends without one */
async function tell(child: ChildProcess, order: object): Promise<unknown> {
  const answered = once(child, 'message')
  const exited = once(child, 'exit')
  child.send(order)
  const [first] = (await Promise.race([answered, exited])) as [unknown]
  if (typeof first !== 'object') throw new Error(`a process of the benchmark ended with ${String(first)}`)
  return first
}
