/** Digests that tell whether upstream says of a model what it said before. */
import { hash } from 'node:crypto'

// 128 bits: told apart are the entries of one model over time, not messages of an adversary.
const HEX_DIGITS = 32

/** Hex digest of one entry as upstream spelled it, its volatile members left out. */
export function digestEntry(entry: unknown, volatile: readonly string[] = []): string {
  return digestText(JSON.stringify(withoutMembers(entry, volatile)) ?? '')
}

/** {@link digestEntry} of an entry without volatile members, by its JSON text. */
export function digestText(json: string): string {
  return shortHash(json)
}

/** Hex digest of all entries of one model, in whatever order and listing they came. */
export function digestGroup(digests: readonly string[]): string {
  const [first] = digests
  if (digests.length === 1 && first !== undefined) return first
  return shortHash([...digests].sort().join(''))
}

// A slice holds on to the whole hash, 64 bytes more; a copy would take half as long again as the hash.
function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, HEX_DIGITS)
}

/** Whether two entries say the same, whatever the order of members and of scalars in lists. */
export function sameEntry(a: unknown, b: unknown): boolean {
  return a === b || spell(a) === spell(b)
}

function spell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spell).sort().join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${spell(member)}`).join(',')}}`
}

function withoutMembers(entry: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !names.includes(key)))
}
