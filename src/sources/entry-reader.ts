/** Readers for the members of a raw entry: what is not of its documented type is `null`, never a guess. Nothing here throws. */
import type { Capabilities, Capability } from '../catalog/model.js'

export type Members = Readonly<Record<string, unknown>>

// 9999-12-31: a larger number is not in seconds.
const LAST_SECOND = 253_402_300_799
const ISO = /^\d{4}-\d\d-\d\d(?:$|[T ]\d\d:\d\d)/
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i

/** Whether it is an object with members, not a list. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or one without members: for reading a member of a member that may be missing. */
export function membersOf(value: unknown): Members {
  return isRecord(value) ? value : {}
}

/** The objects of a list, in its order; whatever else stands between them is passed over. */
export function recordsOf(value: unknown): Members[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : []
}

/** A text that says something, verbatim; `null` when it is blank or no text. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** Tokens: a positive whole number or its digits. `null` for 0 too, which is how upstreams spell an unknown limit. */
export function countOf(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : null
}

/** `true` or `false` when it is said. */
export function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** The texts of a list, or of a text with commas (`"tools,web"`), trimmed; whatever else stands between them is passed over. */
export function listOf(value: unknown): string[] {
  const members: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  return members.flatMap((member) => (typeof member === 'string' && member.trim() !== '' ? [member.trim()] : []))
}

/** Unix seconds or an ISO 8601 text (UTC when it names no zone), as ISO 8601 in UTC; `null` for 0, which says that nobody knows. */
export function timeOf(value: unknown): string | null {
  if (typeof value === 'number') return value > 0 && value <= LAST_SECOND ? new Date(value * 1000).toISOString() : null
  if (typeof value !== 'string' || !ISO.test(value)) return null
  const time = new Date(value.length === 10 || ZONE.test(value) ? value : `${value}Z`)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** As {@link timeOf}, the date alone: `2026-12-31`. */
export function dateOf(value: unknown): string | null {
  return timeOf(value)?.slice(0, 10) ?? null
}

/** What a listing's `identify` is where one member holds the id: verbatim, `null` when it is missing, empty or no text. */
export function identifyBy(member: string): (entry: unknown) => string | null {
  return (entry) => {
    const id = membersOf(entry)[member]
    return typeof id === 'string' && id !== '' ? id : null
  }
}

/** The capabilities that upstream states; what it leaves open (`null`, `undefined`) stays out. */
export function capabilitiesOf(said: Partial<Record<Capability, boolean | null | undefined>>): Capabilities {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === 'boolean'))
}

/** {@link capabilitiesOf} for an upstream that lists words (`tools`, `reasoning`): a word in a list says yes, a missing one nothing. */
export function capabilitiesIn(words: readonly string[], meanings: Readonly<Record<string, Capability>>): Capabilities {
  const found: Capabilities = {}
  for (const word of words) {
    const capability = Object.hasOwn(meanings, word) ? meanings[word] : undefined
    if (capability !== undefined) found[capability] = true
  }
  return found
}

/** What a list of modalities says about the capabilities that go by them; nothing when upstream lists none. */
export function capabilitiesOfModalities(input: readonly string[], output: readonly string[]): Capabilities {
  return capabilitiesOf({
    vision: input.length === 0 ? null : input.includes('image'),
    audioInput: input.length === 0 ? null : input.includes('audio'),
    audioOutput: output.length === 0 ? null : output.includes('audio'),
  })
}
