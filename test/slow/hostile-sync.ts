/** The child process that syncs one provider, and tells what that took: memory beyond what an idle process has, and the longest wait of others. */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { readSyncOptions } from '../../src/options.js'
import { providerSetups } from '../../src/plugins/provider-setups.js'
import { createServices } from '../../src/plugins/create-services.js'
import { DatabaseClock } from '../../src/services/database-clock.js'
import { openDatabase } from '../../src/store/database.js'
import { openSecretDigests } from '../../src/services/secret-digests.js'
import { migrate } from '../../src/store/migrate.js'
import { processorMs } from '../support/longest-block.js'

export interface HostileSync {
  /** MiB of resident memory at its peak, beyond the idle process. */
  overIdleMb: number
  /** ms in which no timer could run, without what JSON.parse itself took of it. */
  longestBlockMs: number
  success: boolean
  reason: string | null
  error: string | null
  newModels: number
  updatedModels: number
  unavailableModels: number
  heldChanges: number
  rejectedModels: number
}

/** Resident memory at its peak, KiB. Where Linux counts it: of `resourceUsage` a child inherits what its parent had when it was made. */
function peakKb(): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
}

/** ms; a turn that comes later than that was kept waiting. */
const TICK_MS = 2

const [databaseUrl = '', settings = '{}', before = '0', dryRun = 'false'] = process.argv.slice(2)
const options = readSyncOptions(JSON.parse(settings) as object)
const pool = new pg.Pool({ connectionString: databaseUrl })
const log = { debug() {}, info() {}, warn() {}, error: console.error }
await migrate(pool, options)
const services = createServices({
  pool,
  settings: options,
  log,
  hooks: {},
  providers: providerSetups(options, log),
  clock: new DatabaseClock(openDatabase(pool, options.schema)),
  digests: await openSecretDigests(pool, options),
})
const idle = peakKb()

const parse = JSON.parse
let parsed = 0
JSON.parse = (...args: Parameters<typeof parse>): unknown => {
  const started = performance.now()
  try {
    return parse(...args)
  } finally {
    parsed += performance.now() - started
  }
}
let longest = 0
let last = performance.now()
let cpu = processorMs()
const timer = setInterval(() => {
  const now = performance.now()
  longest = Math.max(longest, Math.min(now - last, processorMs() - cpu) - parsed - TICK_MS)
  last = now
  cpu = processorMs()
  parsed = 0
}, TICK_MS)
const { modelSync } = services.rooms.sync
for (let syncs = 0; syncs < Number(before); syncs++) await modelSync.syncModels()
const result = await modelSync.syncModels({ dryRun: dryRun === 'true' })
await new Promise((resolve) => setTimeout(resolve, 20))
clearInterval(timer)
const [provider] = result.providers
const told: HostileSync = {
  overIdleMb: Math.round((peakKb() - idle) / 1024),
  longestBlockMs: Math.round(longest),
  success: result.success,
  reason: (provider as { reason?: string } | undefined)?.reason ?? null,
  error: provider?.error ?? null,
  newModels: result.newModels,
  updatedModels: result.updatedModels,
  unavailableModels: result.unavailableModels,
  heldChanges: result.heldChanges,
  rejectedModels: result.rejectedModels,
}
process.send?.(told)
await services.close()
await pool.end()
process.disconnect?.()
