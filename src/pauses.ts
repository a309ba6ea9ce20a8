/** Lets others have their turn during long work. */
import { setImmediate } from 'node:timers/promises'

/** ms in one go; the event loop stays free for the host's requests. */
const SLICE_MS = 15

/** A function that pauses where 15 ms have passed since it did so last; `undefined`: there is nothing to wait for. */
export function pauses(): () => Promise<void> | undefined {
  let ends = performance.now() + SLICE_MS
  return () => {
    if (performance.now() < ends) return undefined
    return setImmediate().then(() => void (ends = performance.now() + SLICE_MS))
  }
}

/** Goes through long work, which may be interrupted at each step, and pauses where `rest` says so. */
export async function withPauses<T>(steps: Iterator<undefined, T>, rest: ReturnType<typeof pauses>): Promise<T> {
  let step = steps.next()
  for (; step.done !== true; step = steps.next()) {
    const pause = rest()
    if (pause !== undefined) await pause
  }
  return step.value
}
