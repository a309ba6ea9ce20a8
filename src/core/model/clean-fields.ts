/// <reference lib="es2024.string" />
/** Makes what a source has parsed canonical and safe for its column: one bad value would fail the statement that writes all of them. */
import { CAPABILITIES, FIELDS, FIELD_NAMES, MODES } from './model.js'
import type { FieldName, Mode } from './model.js'
import type { Capabilities, DesiredFields, OtherPrice } from './model-fields.js'
import { cleanWindows, type PriceWindow } from './price-window.js'
import { largerDecimal, toDecimal } from './price.js'
import { isVocabulary, quoteValue, quoteWord } from '../input/quote-value.js'

/** Bytes of UTF-8; an index entry of PostgreSQL holds at most 2,704, and the public id has the slug in front. */
const MAX_ID_BYTES = 1_024
/** Bytes of UTF-8 of a name, an owner, an alias, a successor: each may be indexed. */
const MAX_TEXT_BYTES = 1_024
/** UTF-16 code units of a description, which is never indexed. */
export const MAX_DESCRIPTION_LENGTH = 16_384
/** How many members a set keeps, and how many other prices a model keeps. No real model has as many, and every answer carries them all. */
export const MOST_MEMBERS = 1_000
/** Of PostgreSQL's `integer`. */
const MAX_INTEGER = 2_147_483_647

// The spelling that price.ts writes. 13 digits and 30 decimals are its bounds, so a longer one is read anew.
const CANONICAL_DECIMAL = /^(?:0|[1-9]\d{0,12})(?:\.\d{0,29}[1-9])?$/
const TIMESTAMP = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i
const DATE = /^\d{4}-\d\d-\d\d$/
/** Words of those who do not know either. */
const UNSAID: ReadonlySet<string> = new Set(['unknown', 'none', 'null', 'other', 'custom'])

/**
 * Upstream's own id, verbatim: nothing is trimmed, cut or lower-cased, but U+0000 and lone surrogates, which no column holds, become U+FFFD.
 * @returns the reason when it cannot be an id: empty, only white space, or over {@link MAX_ID_BYTES}. Throws nothing.
 */
export function cleanId(raw: string): { id: string } | { reason: string } {
  if (raw.trim() === '') return { reason: 'the id is empty' }
  const id = cleanText(raw)
  // A code unit is at most three bytes, so most ids need no count.
  const bytes = id.length * 3 > MAX_ID_BYTES ? Buffer.byteLength(id) : 0
  return bytes > MAX_ID_BYTES
    ? { reason: `the id has ${bytes} bytes of UTF-8, at most ${MAX_ID_BYTES} are kept` }
    : { id }
}

/** The text without what PostgreSQL's `text` and `jsonb` refuse: U+0000 and lone surrogates become U+FFFD. Throws nothing. */
export function cleanText(text: string): string {
  const noNul = text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text
  return noNul.isWellFormed() ? noNul : noNul.toWellFormed()
}

/**
 * The same for a text that JSON.stringify wrote, where U+0000 and lone surrogates stand as escapes: only needed where it goes into a `jsonb`.
 * Throws nothing.
 */
export function cleanJsonText(json: string): string {
  if (!json.includes('\\u')) return cleanText(json)
  // Each escape is taken whole, so that the text `\\u0000` (a backslash and five characters) stays what it is.
  return cleanText(json.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|[^])/gi, (e) => (e.length > 2 ? '\ufffd' : e)))
}

/**
 * Every field in its one canonical form, by its type in FIELDS; a value that its column cannot hold is `null` (or left out of its set) with a
 * warning. A field that is left out stays left out. Throws nothing.
 * @returns fresh fields, and warnings without the model's id, so that equal ones can be counted; `problems` are the same without what became of
 * the value, for those who refuse it
 */
export function cleanFields(fields: DesiredFields): { fields: DesiredFields; warnings: string[]; problems: string[] } {
  const warnings: string[] = []
  const problems: string[] = []
  // A copy has the hidden class of what a source has written down; some twenty members set one by one make a hash table, five times as large.
  const clean: Record<string, unknown> = { ...fields }
  for (const name in clean) if (clean[name] === undefined || !Object.hasOwn(FIELDS, name)) delete clean[name]
  for (const name of FIELD_NAMES) {
    const value: unknown = fields[name]
    if (value === undefined) continue
    const cleaned = cleanValue(name, value, (problem, outcome) => {
      problems.push(`${name}: ${problem}`)
      warnings.push(`${name}: ${problem}; ${outcome}`)
    })
    if (cleaned === undefined) delete clean[name]
    else if (!Object.is(cleaned, value)) clean[name] = cleaned
  }
  return { fields: clean as DesiredFields, warnings, problems }
}

/** Told about each value that could not be taken as it is. */
type Warn = (problem: string, outcome: 'kept as unknown' | 'left out' | 'cut') => void

function cleanValue(name: FieldName, value: unknown, warn: Warn): unknown {
  const type = FIELDS[name]
  switch (type) {
    case 'set':
      return cleanSet(value, warn)
    case 'capabilities':
      return cleanCapabilities(value, warn)
    case 'prices':
      return cleanPrices(value, warn)
    case 'windows':
      return cleanPriceWindows(value, warn)
    case 'mode':
      return cleanMode(value, warn)
    case 'text': {
      const text = value === null ? null : cleanColumnText(name, value, warn)
      // A model always has a name; without one it keeps what it has, or takes its id.
      return text === null && name === 'name' ? undefined : text
    }
  }
  if (value === null) return null
  const cleaned = SCALARS[type](value)
  if (cleaned === null) warn(`${quoteValue(value)} is not ${EXPECTED[type]}`, 'kept as unknown')
  return cleaned
}

/** A newer word says that the model is for something else than the known ones are, and is kept as it is stated. */
function cleanMode(value: unknown, warn: Warn): Mode | null {
  if (value === null) return null
  const word = isVocabulary(value) ? value.toLowerCase().replace(/[\s-]+/g, '_') : 'unknown'
  if (!UNSAID.has(word)) return word
  warn(`${quoteWord(value)} is not one of ${MODES.join(', ')}`, 'kept as unknown')
  return null
}

const SCALARS = {
  integer: (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INTEGER ? Number(value) + 0 : null,
  decimal: (value: unknown) => cleanDecimal(value),
  count: (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? Number(value) + 0 : null),
  flag: (value: unknown) => (typeof value === 'boolean' ? value : null),
  timestamp: cleanTimestamp,
  date: cleanDate,
}

const EXPECTED = {
  integer: `a whole number from 0 to ${MAX_INTEGER}`,
  decimal: 'a price of 0 or more',
  count: `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
  flag: 'true or false',
  timestamp: 'an ISO 8601 time',
  date: 'an ISO date (YYYY-MM-DD)',
}

function cleanColumnText(name: FieldName, value: unknown, warn: Warn): string | null {
  if (typeof value !== 'string') {
    warn(`${quoteValue(value)} is not a text`, 'kept as unknown')
    return null
  }
  if (value.trim() === '') return null
  if (name === 'description') {
    if (value.length <= MAX_DESCRIPTION_LENGTH) return cleanText(value)
    warn(`${value.length} characters, more than the ${MAX_DESCRIPTION_LENGTH} that are kept`, 'cut')
    return cleanText(withoutHalfPair(value.slice(0, MAX_DESCRIPTION_LENGTH)))
  }
  const text = cleanText(value)
  if (fitsText(text)) return text
  warn(`${Buffer.byteLength(text)} bytes of UTF-8, more than the ${MAX_TEXT_BYTES} that are kept`, 'cut')
  let cut = text.slice(0, MAX_TEXT_BYTES)
  while (!fitsText(cut)) cut = cut.slice(0, -1)
  return withoutHalfPair(cut)
}

// A cut may fall between the two halves of a character; the half that is left is no character.
function withoutHalfPair(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}

function fitsText(text: string): boolean {
  return text.length * 3 <= MAX_TEXT_BYTES || Buffer.byteLength(text) <= MAX_TEXT_BYTES
}

function cleanSet(value: unknown, warn: Warn): string[] {
  if (!Array.isArray(value)) {
    if (value !== null) warn(`${quoteValue(value)} is not a list`, 'kept as unknown')
    return []
  }
  const members = new Set<string>()
  for (const member of firstMembers(value, warn)) {
    const text = typeof member === 'string' && member.trim() !== '' ? cleanText(member) : null
    // A cut member would be another member, so it is left out whole.
    if (text !== null && fitsText(text)) members.add(text)
    else warn(`${quoteValue(member)} is not a text of 1 to ${MAX_TEXT_BYTES} bytes`, 'left out')
  }
  return [...members].sort()
}

function firstMembers(members: readonly unknown[], warn: Warn): readonly unknown[] {
  if (members.length <= MOST_MEMBERS) return members
  warn(`${members.length} members, more than the ${MOST_MEMBERS} that are kept`, 'cut')
  return members.slice(0, MOST_MEMBERS)
}

function cleanCapabilities(value: unknown, warn: Warn): Capabilities {
  const clean: Capabilities = {}
  if (typeof value !== 'object' || value === null) return clean
  for (const capability of CAPABILITIES) {
    const said: unknown = Object.hasOwn(value, capability) ? (value as Capabilities)[capability] : undefined
    if (typeof said === 'boolean') clean[capability] = said
    else if (said !== undefined && said !== null)
      warn(`${capability}: ${quoteValue(said)} is not true or false`, 'left out')
  }
  const { unread } = value as { unread?: unknown }
  if (unread !== undefined) warn(`${quoteValue(unread)} is not a list of words`, 'left out')
  return clean
}

function cleanPrices(value: unknown, warn: Warn): OtherPrice[] {
  if (!Array.isArray(value) || value.length === 0) {
    if (value !== null && !Array.isArray(value)) warn(`${quoteValue(value)} is not a list`, 'kept as unknown')
    return []
  }
  const prices = new Map<string, OtherPrice>()
  for (const raw of firstMembers(value, warn)) {
    const { kind, unit, currency, price } = (raw ?? {}) as Record<string, unknown>
    const decimal = cleanDecimal(price)
    if (isWord(kind) && isWord(unit) && isWord(currency) && decimal === null) {
      warn(`${quoteValue(price)} is not ${EXPECTED.decimal}`, 'left out')
      continue
    }
    if (!isWord(kind) || !isWord(unit) || !isWord(currency) || decimal === null) {
      warn(`${quoteValue(raw)} is not a price with kind, unit, currency and price`, 'left out')
      continue
    }
    const key = `${kind}\u0000${unit}\u0000${currency}`
    // Of two prices for the same thing the higher one, as with several deployments: whatever their order.
    const known = prices.get(key)
    prices.set(key, { kind, unit, currency, price: largerDecimal(known?.price ?? null, decimal) ?? decimal })
  }
  return [...prices.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, price]) => price)
}

function cleanPriceWindows(value: unknown, warn: Warn): PriceWindow[] {
  if (!Array.isArray(value)) {
    if (value !== null) warn(`${quoteValue(value)} is not a list`, 'kept as unknown')
    return []
  }
  const { windows, rejected } = cleanWindows(value)
  if (rejected > 0)
    warn(`${rejected} of its members are no window with days, hours, a time zone and prices`, 'left out')
  return windows
}

// A word of ours or of upstream's, never free text.
function isWord(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= 128 &&
    !value.includes('\u0000') &&
    value.isWellFormed()
  )
}

function cleanDecimal(value: unknown): string | null {
  return typeof value === 'string' && CANONICAL_DECIMAL.test(value) ? value : toDecimal(value)
}

function cleanTimestamp(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 40 || !TIMESTAMP.test(value)) return null
  // Without a zone upstream means UTC; Date would take this machine's.
  const time = new Date(value.length === 10 || ZONE.test(value) ? value : `${value}Z`)
  return Number.isNaN(time.getTime()) || !isRealDate(value.slice(0, 10)) ? null : withinYears(time.toISOString())
}

function cleanDate(value: unknown): string | null {
  return typeof value === 'string' && DATE.test(value) && isRealDate(value) ? withinYears(value) : null
}

// JavaScript reads 30 February as 2 March; PostgreSQL refuses it.
function isRealDate(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date)
}

// PostgreSQL knows no year 0; an offset may carry a time out of the four-digit years.
function withinYears(iso: string): string | null {
  return /^\d{4}-/.test(iso) && !iso.startsWith('0000') ? iso : null
}
