/** The child process that serves a large catalogue, and reports what its answers took: memory beyond the idle process, and the longest wait of others. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { startServer } from '../../src/server.js'
import { processorMs } from '../support/longest-block.js'

export interface WatchedServer {
  url: string
}
export interface Watched {
  /** MiB of resident memory at its peak, beyond the idle server; of all answers until now. */
  overIdleMb: number
  /** ms in which no timer could run, since the last report. */
  longestBlockMs: number
}

const TICK_MS = 2
const [databaseUrl = '', dataDir = '', adminToken = ''] = process.argv.slice(2)
const server = await startServer({
  databaseUrl,
  dataDir,
  adminToken,
  port: 0,
  syncOnStartup: false,
  logLevel: 'silent',
})
await server.ready

const peakMb = (): number => Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
const idle = peakMb()
let longest = 0
let last = performance.now()
let cpu = processorMs()
setInterval(() => {
  const now = performance.now()
  longest = Math.max(longest, Math.min(now - last, processorMs() - cpu) - TICK_MS)
  last = now
  cpu = processorMs()
}, TICK_MS).unref()

process.on('message', () => {
  const watched: Watched = { overIdleMb: Math.round(peakMb() - idle), longestBlockMs: Math.round(longest) }
  longest = 0
  process.send?.(watched)
})
process.send?.({ url: server.url } satisfies WatchedServer)
await once(process, 'disconnect')
await server.close()
