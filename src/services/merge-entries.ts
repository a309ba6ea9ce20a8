/** mergeInSteps: what the entries of one model say together. */
import type { DesiredFields } from '../core/model/model-fields.js'

/**
 * Two by two, then the pairs two by two: what one after the other would do, but lists that grow are copied a dozen times and not once for each entry.
 * A pair at each step.
 * @param entries one at least
 * @param merge does not mind which pairs come first
 */
export function* mergeInSteps(
  entries: readonly DesiredFields[],
  merge: (a: DesiredFields, b: DesiredFields) => DesiredFields,
): Generator<undefined, DesiredFields> {
  const [first = {}, second] = entries
  if (second === undefined) return first
  const pairs: DesiredFields[] = []
  for (let at = 0; at < entries.length; at += 2) {
    yield
    const [one, other] = [entries[at] ?? {}, entries[at + 1]]
    pairs.push(other === undefined ? one : merge(one, other))
  }
  return yield* mergeInSteps(pairs, merge)
}
