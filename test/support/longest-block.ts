/** longestBlock: how long others had to wait for the event loop while something ran. */
import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 2

/** @returns ms, without what other processes took from this one */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let at = performance.now()
  let cpu = process.cpuUsage()
  const look = (): void => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(cpu)
    longest = Math.max(longest, Math.min(now - at, (user + system) / 1000) - LOOK_MS)
    at = performance.now()
    cpu = process.cpuUsage()
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
