/** atOnce: goes through long work without a pause, where nobody waits or little is to be done. */

/** @returns what the steps return @throws what they throw */
export function atOnce<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
