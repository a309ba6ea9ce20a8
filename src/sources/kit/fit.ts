/** Shortens what is kept of an entry until it fits: texts and lists are cut, and say so. */

const CUT = '… (cut)'
/** Characters of a text, and members of a list or an object; each is tried in turn. */
const LENGTHS = [4096, 512, 64, 8] as const

/**
 * The entry's JSON text, in at most `maxBytes` (1,024 or more) bytes.
 * @param kept an object of named members, nested no deeper than those are
 */
export function fitEntry(kept: Readonly<Record<string, unknown>>, maxBytes: number): string {
  const whole = JSON.stringify(kept)
  if (fits(whole, maxBytes)) return whole
  for (const length of LENGTHS) {
    const text = JSON.stringify(shorten(kept, length))
    if (fits(text, maxBytes)) return text
  }
  // Members of nested objects, eight at each level.
  return JSON.stringify({ [CUT]: true })
}

function fits(text: string, maxBytes: number): boolean {
  // No character takes more than three bytes.
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes
}

function shorten(value: unknown, length: number): unknown {
  if (typeof value === 'string') return value.length > length ? value.slice(0, length).toWellFormed() + CUT : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const members = value.slice(0, length).map((member) => shorten(member, length))
    return value.length > length ? [...members, CUT] : members
  }
  const members = Object.entries(value)
  const kept = members.slice(0, length).map(([name, member]) => [name, shorten(member, length)] as const)
  return Object.fromEntries(members.length > length ? [...kept, [CUT, true]] : kept)
}
