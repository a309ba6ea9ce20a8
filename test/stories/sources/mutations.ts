/** Entries as no upstream should send them: a member lost, or of another type, or with a value that breaks what is written carelessly. */
import fc from 'fast-check'

const ODD = fc.oneof(
  fc.constantFrom(
    ...[null, true, false, '', ' ', '\u0000', '\ud800', 'dynamic', 'NaN', '-1', '1e400', '1e-400', '0x10', '١٢'],
    ...[-1, -0, 0, 0.1 + 0.2, 1e30, 2 ** 53, 5e-324, 128_000.5, 99_999_999_999_999],
    ...['9999-99-99', '2026-02-30T10:00:00Z', '+275760-09-13', 'accounts/', 'a:b:c', '/', 'ft:', 'x'.repeat(5_000)],
  ),
  fc.constantFrom<unknown>([], {}, [null], [[]], { amount: 1, scale: 400 }, { year: 0, month: 0, day: 0 }),
  fc.constantFrom<unknown>(JSON.parse('{"__proto__": {"x": 1}, "constructor": 5, "toString": null}')),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A copy of `entry` with one to three places changed; sometimes something else altogether. */
export function mutations(entry: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(entry)
  if (places.length === 0) return ODD
  const change = fc.tuple(fc.constantFrom(...places), fc.option(ODD, { nil: undefined, freq: 5 }))
  const changed = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((copy, [place, value]) => withChange(copy, place, value), entry))
  return fc.oneof({ arbitrary: changed, weight: 19 }, { arbitrary: ODD, weight: 1 })
}

function placesIn(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [[...at, name], ...placesIn(member, [...at, name])])
}

/** `undefined`: the member is lost. */
function withChange(value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  // An earlier change may have taken the place away.
  if (typeof value !== 'object' || value === null || name === undefined || !Object.hasOwn(value, name)) return value
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  const members = copy as Record<string, unknown>
  if (rest.length > 0) members[name] = withChange(members[name], rest, to)
  else if (to !== undefined) members[name] = to
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete members[name]
  return copy
}
