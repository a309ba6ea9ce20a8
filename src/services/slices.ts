/** inSlices: long work in slices of a few milliseconds, one slice to each turn of the event loop, so that everybody else is served in between. */

/** Yields where it may be interrupted, every millisecond or so. */
export type Steps<Result> = Generator<void, Result, void>

interface Job {
  /** False: it has ended. */
  advance(until: number): boolean
}

// Steps and the collector of garbage come on top: 10 ms is what nobody notices.
const SLICE_MS = 5
// One queue for the process: a slice for each of fifty requests in the same turn would block like one request of fifty slices.
const waiting: Job[] = []
let scheduled = false

/** @returns what the steps return @throws what they throw */
export function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const advance = (until: number): boolean => {
      try {
        do {
          const step = steps.next()
          if (step.done !== true) continue
          resolve(step.value)
          return false
        } while (performance.now() < until)
        return true
      } catch (error) {
        reject(error as Error)
        return false
      }
    }
    // Most work ends within its first slice, and need not wait for a turn.
    if (waiting.length === 0 && !advance(performance.now() + SLICE_MS)) return
    waiting.push({ advance })
    schedule()
  })
}

function schedule(): void {
  if (scheduled || waiting.length === 0) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    const until = performance.now() + SLICE_MS
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (job.advance(until)) waiting.push(job)
      if (performance.now() >= until) break
    }
    schedule()
  })
}
