/** Preloaded into a program that a benchmark measures: tells its peak resident memory (KiB) and its CPU time (ms) through file descriptor 3. */
import { writeSync } from 'node:fs'

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeSync(3, JSON.stringify({ peakKib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }))
})
