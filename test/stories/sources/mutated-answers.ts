/** What must hold of every source whatever its upstream answers: malformed or read, and what is read fits the catalogue. */
import { cleanWindow } from '../../../src/core/model/price-window.js'
import fc from 'fast-check'
import { CAPABILITIES, FIELDS, type FieldName } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { Deferred } from '../../../src/core/plan/deferred.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import type { Listing, Parsed, Source } from '../../../src/sources/kit/source.js'
import { readFixture, serve } from '../../sources/fixture-server.js'
import { mutations } from './mutations.js'
import type { SourceFixture } from '../../sources/source-fixture.js'

interface Answer {
  listing: Listing
  body: unknown
}

/**
 * Reads `runs` mutated copies of the bodies that the fixture's server sends.
 * @throws Error with the smallest answer that is not survived, and the seed that repeats it
 */
export async function survivesMutations(
  t: { teardown(end: () => Promise<void>): void },
  fixture: SourceFixture,
  runs: number,
): Promise<void> {
  const { source } = fixture
  const answers: Answer[] = []
  const server = await serve(t, fixture)
  await readFixture(fixture, server.url, {
    onText: (listing, text) => answers.push({ listing, body: JSON.parse(text) as unknown }),
  })
  // By their place, so that what is reported of a failure is the odd body alone.
  const places = answers.map(({ body }, place) => fc.tuple(fc.constant(place), mutations(body)))
  const wholes = answers.map(({ listing, body }) => listing.entries(body, 2))
  const property = fc.asyncProperty(fc.oneof(...places), fc.integer({ min: 1, max: 3 }), ([place, body], page) => {
    const { listing } = answers[place] as Answer
    return survives(source, { listing, body }, wholes[place] ?? [], page)
  })
  await fc.assert(property, { numRuns: runs })
}

/** @param whole the entries as the fixture's server sends them */
async function survives(
  source: Source,
  { listing, body }: Answer,
  whole: readonly unknown[],
  page: number,
): Promise<void> {
  const entries = unlessMalformed(() => listing.entries(body, page))
  if (entries === null) return
  unlessMalformed(() => listing.next?.(body, page) ?? null)
  const missing = listing.missing?.(body, entries.length) ?? null
  if (missing !== null && (typeof missing !== 'string' || missing === '')) throw new Error('what is missing is no text')

  // An entry without a change is the very object, and need not be read anew; what stood in the place of one that has is mostly the same model.
  const known = new Set(whole)
  const changed = entries.flatMap((entry, at) => (known.has(entry) ? [] : [entry, ...whole.slice(at, at + 1)]))
  const collector = new ListingCollector({ ...source, modes: undefined })
  const parse = (entry: unknown): Parsed => checkParsed(listing.parse(entry))
  await collector.add({ ...listing, parse, supplements: undefined }, changed)
  const { desired, rejected } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  for (const [id, fields] of desired) {
    if (fields === 'same' || fields instanceof Deferred) throw new Error('a short answer is read at once')
    checkFields(fields)
    const text = await collector.entryOf(id)
    if (text !== null) JSON.parse(text)
  }
  for (const { reason } of rejected) if (reason === '') throw new Error('rejected without a reason')
}

/** What a listing may throw: MalformedAnswerError alone, which fails the provider and nothing else. */
function unlessMalformed<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if ((error as { code?: unknown }).code === 'FST_MODEL_SYNC_MALFORMED_ANSWER') return null
    throw error
  }
}

/** What holds before cleaning, which is for odd texts and numbers: a price leaves its source as it goes into the catalogue. */
function checkParsed(parsed: Parsed): Parsed {
  if (parsed.kind !== 'model') {
    if (typeof parsed.reason !== 'string' || parsed.reason === '') throw new Error(`${parsed.kind} without a reason`)
    return parsed
  }
  for (const warning of parsed.warnings ?? [])
    if (typeof (warning as unknown) !== 'string') throw new Error('a warning that is no text')
  for (const [name, value] of Object.entries(parsed.fields) as [FieldName, unknown][])
    if (FIELDS[name] === 'decimal' && (value ?? null) !== null && !isDecimal(value))
      throw new Error(`${name}: ${JSON.stringify(value)}`)
  return parsed
}

/** @throws Error for a field that is none, or whose value its column cannot hold */
export function checkFields(fields: DesiredFields): void {
  for (const [name, value] of Object.entries(fields)) {
    const type = FIELDS[name as FieldName] as (typeof FIELDS)[FieldName] | undefined
    const isNullable =
      name !== 'name' && type !== 'set' && type !== 'prices' && type !== 'windows' && type !== 'capabilities'
    if (type === undefined || !((value === null && isNullable) || FITS[type](value)))
      throw new Error(`${name}: ${JSON.stringify(value)}`)
  }
}

const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/
const isText = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.isWellFormed() && !value.includes('\u0000')
const isDecimal = (value: unknown): boolean => typeof value === 'string' && DECIMAL.test(value)
const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const areAll = (value: unknown, test: (member: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(test)

const FITS: Readonly<Record<(typeof FIELDS)[FieldName], (value: unknown) => boolean>> = {
  text: isText,
  mode: (value) => typeof value === 'string' && /^[a-z0-9_]{1,60}$/.test(value),
  integer: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31,
  decimal: isDecimal,
  count: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  flag: (value) => typeof value === 'boolean',
  set: (value) => areAll(value, isText) && new Set(value as string[]).size === (value as string[]).length,
  capabilities: (value) =>
    Object.entries(value as object).every(
      ([name, said]) => (CAPABILITIES as readonly string[]).includes(name) && typeof said === 'boolean',
    ),
  prices: (value) =>
    areAll(value, (price) => {
      const { kind, unit, currency, price: amount } = price as Record<string, unknown>
      return [kind, unit, currency].every(isText) && isDecimal(amount)
    }),
  windows: (value) => areAll(value, (window) => cleanWindow(window) !== null),
  timestamp: (value) => isTime(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(String(value)),
  date: (value) => isTime(value) && /^\d{4}-\d\d-\d\d$/.test(String(value)),
}
