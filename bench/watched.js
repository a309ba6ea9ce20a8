/** Preloaded into the built program that a benchmark measures: tells its peak memory, its CPU time and when it applied through file descriptor 3. */
import { writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

// By its address: types and lint must not ask for a build.
const { ProviderSync } = await import(new URL('../dist/services/sync/provider-sync.js', import.meta.url).href)
/** From when to when each provider was applied, ms. @type {[number, number][]} */
const applies = []
const { apply } = ProviderSync.prototype

/** @param {unknown[]} given */
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
