/** Preloaded into the built program that a benchmark measures: tells its peak memory, its CPU time and when it applied through file descriptor 3. */
import { writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { ProviderSync } from '../dist/services/provider-sync.js'

/** From when to when each provider was applied, ms. */
const applies = []
const { apply } = ProviderSync.prototype

ProviderSync.prototype.apply = async function (...given) {
  const started = performance.now()
  try {
    return await apply.apply(this, given)
  } finally {
    applies.push([started, performance.now()])
  }
}

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeSync(3, JSON.stringify({ peakKib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000, applies }))
})
