/**
 * Readers for the members of a raw entry. A value in an odd spelling is read where it can mean one thing only. What a field's reader cannot read
 * it hands on as it is, so that cleaning, which knows the field, keeps it as unknown with a warning. Nothing here throws.
 */
import { isRecord, type Members } from '../../core/input/is-record.js'
import { plainCount } from '../../core/input/plain-number.js'
import { isSentinelTime, readTime } from './time.js'
import type { Capability, Mode } from '../../core/model/model.js'
import type { Capabilities } from '../../core/model/model-fields.js'

export { isRecord, type Members }

/** Words for a value that is not known. */
const UNSAID = /^(?:|-|null|none|unknown|n\/a)$/i

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

/** Nothing is said: no warning either. */
export function isUnsaid(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && UNSAID.test(value.trim()))
}

/** A positive whole number, of tokens or anything else, or a text that is one: `128000`, `"128,000"`, `"128k"`; else `null`. */
export function countOf(value: unknown): number | null {
  const count = typeof value === 'string' ? plainCount(value) : value
  return Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : null
}

/** A limit in tokens: {@link countOf}, or what is none as it is. `null` for 0, which is how upstreams spell an unknown limit. */
export function limitOf(value: unknown): number | null {
  const count = countOf(value)
  if (count !== null || isUnsaid(value) || value === 0 || (typeof value === 'string' && plainCount(value) === 0))
    return count
  return value as number
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...[true, 1, '1', 'true', 't', 'yes', 'y', 'on'].map((yes) => [yes, true] as const),
  ...[false, 0, '0', 'false', 'f', 'no', 'n', 'off'].map((no) => [no, false] as const),
])

/** `true` or `false` when it is said, or what is neither as it is. */
export function flagOf(value: unknown): boolean | null {
  const flag = FLAGS.get(typeof value === 'string' ? value.trim().toLowerCase() : value)
  return flag ?? (isUnsaid(value) ? null : (value as boolean))
}

/** Whether it is said to be so, in any spelling of a flag. */
export function saysYes(value: unknown): boolean {
  return value === true || (value !== undefined && flagOf(value) === true)
}

/** Whether it is said not to be so. What is not said is not denied. */
export function saysNo(value: unknown): boolean {
  return value === false || (value !== undefined && flagOf(value) === false)
}

/** The first of several places of the same fact that says something; an empty text in the first one does not hide the second. */
export function firstSaid(...values: readonly unknown[]): unknown {
  return values.find((value) => !isUnsaid(value)) ?? null
}

/**
 * The mode that upstream's word stands for, in any case and with any of ` `, `-` and `_` between its parts; without one what `otherwise` knows of
 * the model, else the word as it is.
 */
export function modeIn(table: ReadonlyMap<string, Mode>, value: unknown, otherwise: Mode | null = null): Mode | null {
  if (isUnsaid(value)) return otherwise
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  const spellings = [word, word.replace(/[\s-]+/g, '_'), word.replace(/[\s_]+/g, '-')]
  return spellings.flatMap((spelling) => table.get(spelling) ?? [])[0] ?? otherwise ?? (value as Mode)
}

/**
 * Unix seconds, or thousandths, millionths or billionths of them, or a text that {@link readTime} knows, as ISO 8601 in UTC; what is none as it is. `null` for 0 and for
 * {@link isSentinelTime}, which say that nobody knows.
 */
export function timeOf(value: unknown): string | null {
  const time = readTime(value)
  if (time === null) return unreadTime(value)
  return isSentinelTime(time) ? null : time
}

/** As {@link timeOf}, the date alone: `2026-12-31`. */
export function dateOf(value: unknown): string | null {
  const time = readTime(value)
  if (time === null) return unreadTime(value)
  return isSentinelTime(time) ? null : time.slice(0, 10)
}

/** Words, zeros and the starts of epochs for a day that there is not. */
const NO_TIME =
  /^(?:never|tb[acd]|no|not .+|no .+|forever|permanent|always|indefinite(?:ly)?|[+-]?inf(?:inity)?|[—–.?-]+|0000[-/]00[-/]00.*|-\d+(?:\.\d+)?|0+(?:\.0+)?)$/i

function unreadTime(value: unknown): string | null {
  // `deprecated: true` tells no day, and a negative number is the start of some epoch.
  if (isUnsaid(value) || typeof flagOf(value) === 'boolean' || (typeof value === 'number' && value <= 0)) return null
  if (typeof value === 'string' && NO_TIME.test(value.trim())) return null
  return typeof value === 'object' ? 'an object' : String(value)
}

/** What a listing's `identify` is where one of these members holds the id, the first that does: verbatim, `null` when all are missing, empty or no text. */
export function identifyBy(...members: readonly string[]): (entry: unknown) => string | null {
  return (entry) => {
    const stated = membersOf(entry)
    const id = members.map((member) => stated[member]).find((text) => typeof text === 'string' && text !== '')
    return typeof id === 'string' ? id : null
  }
}

/** The capabilities that upstream states; what it leaves open (`null`, `undefined`) stays out. */
export function capabilitiesOf(said: Partial<Record<Capability, boolean | null | undefined>>): Capabilities {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined))
}

/** What a list of modalities says about the capabilities that go by them; nothing when upstream lists none. */
export function capabilitiesOfModalities(input: readonly string[], output: readonly string[]): Capabilities {
  return capabilitiesOf({
    vision: input.length === 0 ? null : input.includes('image'),
    audioInput: input.length === 0 ? null : input.includes('audio'),
    audioOutput: output.length === 0 ? null : output.includes('audio'),
  })
}
