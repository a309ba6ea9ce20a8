/** mergeEntries: what the entries of one model say together. */
import type { DesiredFields } from '../core/model/model-fields.js'

/**
 * Two by two, then the pairs two by two: what one after the other would do, but lists that grow are copied a dozen times and not once for each entry.
 * @param entries one at least
 * @param merge does not mind which pairs come first
 * @param rest lets others have their turn
 */
export async function mergeEntries(
  entries: readonly DesiredFields[],
  merge: (a: DesiredFields, b: DesiredFields) => DesiredFields,
  rest: () => Promise<void> | undefined,
): Promise<DesiredFields> {
  const [first = {}, second] = entries
  if (second === undefined) return first
  const pairs: DesiredFields[] = []
  for (let at = 0; at < entries.length; at += 2) {
    const pause = rest()
    if (pause !== undefined) await pause
    const [one, other] = [entries[at] ?? {}, entries[at + 1]]
    pairs.push(other === undefined ? one : merge(one, other))
  }
  return mergeEntries(pairs, merge, rest)
}
