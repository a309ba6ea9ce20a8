/** sortSteps: sorts a long list with pauses, as one call of `sort` would hold everybody up. */
import type { Steps } from './slices.js'

/** Rows that are sorted, or merged, in one go. */
const RUN = 1000

/** @param compare as of `sort`; equal ones keep their order @returns a new list */
export function* sortSteps<T>(rows: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = []
  for (let from = 0; from < rows.length; from += RUN) {
    runs.push(rows.slice(from, from + RUN).sort(compare))
    yield
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(first: readonly T[], second: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = []
  let [one, other] = [0, 0]
  while (one < first.length || other < second.length) {
    const takesFirst = other === second.length || (one < first.length && compare(first[one]!, second[other]!) <= 0)
    merged.push(takesFirst ? first[one++]! : second[other++]!)
    if (merged.length % RUN === 0) yield
  }
  return merged
}
