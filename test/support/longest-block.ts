/** longestBlock: how long others had to wait for the event loop while something ran. */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 2

/**
 * How long the main thread has had a processor, ms: on a busy machine it waits for its turn, and what compresses beside it keeps nobody waiting.
 * Where the system does not count by threads, the process.
 */
export function processorMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

/** @returns ms, without what other processes took from this one */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let at = performance.now()
  let cpu = processorMs()
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, Math.min(now - at, processorMs() - cpu) - LOOK_MS)
    at = performance.now()
    cpu = processorMs()
  }
  const timer = setInterval(look, LOOK_MS)
  try {
    await delay(LOOK_MS * 2)
    await work()
    look()
  } finally {
    clearInterval(timer)
  }
  return Math.round(longest)
}
