/** drained: what steps come to, when nobody else has to be served in between. */
export function drained<Result>(steps: Generator<void, Result, void>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
