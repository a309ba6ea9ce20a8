/** What must hold of every source whatever its upstream answers: malformed or read, and what is read fits the catalogue. */
import fc from 'fast-check'
import { CAPABILITIES, FIELDS, MODES, type DesiredFields, type FieldName } from '../../src/catalog/model.js'
import { cleanFields } from '../../src/catalog/clean.js'
import { ListingCollector } from '../../src/services/listing-collector.js'
import type { Listing, Source } from '../../src/sources/source.js'
import { readFixture, serve } from './fixture-server.js'
import { mutations } from './mutations.js'
import type { SourceFixture } from './source-fixture.js'

interface Answer {
  listing: Listing
  body: unknown
  /** As the fixture's server sends them. */
  whole: readonly unknown[]
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
  const bodies: { listing: Listing; body: unknown }[] = []
  const server = await serve(t, fixture)
  await readFixture(fixture, server.url, {
    onText: (listing, text) => bodies.push({ listing, body: JSON.parse(text) as unknown }),
  })
  const answers = bodies.map(({ listing, body }): fc.Arbitrary<Answer> => {
    const whole = listing.entries(body, 2)
    return mutations(body).map((mutated) => ({ listing, body: mutated, whole }))
  })
  const pages = fc.integer({ min: 1, max: 3 })
  const property = fc.asyncProperty(fc.oneof(...answers), pages, (answer, page) => survives(source, answer, page))
  await fc.assert(property, { numRuns: runs })
}

async function survives(source: Source, { listing, body, whole }: Answer, page: number): Promise<void> {
  const entries = unlessMalformed(() => listing.entries(body, page))
  if (entries === null) return
  unlessMalformed(() => listing.next?.(body, page) ?? null)
  const missing = listing.missing?.(body, entries.length) ?? null
  if (missing !== null && (typeof missing !== 'string' || missing === '')) throw new Error('what is missing is no text')

  // An entry without a change is the very object, and need not be read anew.
  const known = new Set(whole)
  const changed = entries.filter((entry) => !known.has(entry))
  for (const entry of changed) checkEntry(listing, entry)
  // Beside what stood in its place, it is mostly one model of two entries.
  const beside = entries.flatMap((entry, at) => (known.has(entry) ? [] : whole.slice(at, at + 1)))
  const collector = new ListingCollector({ ...source, modes: undefined })
  await collector.add({ ...listing, supplements: undefined }, [...changed, ...beside])
  const { desired, rejected } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  for (const [id, fields] of desired) {
    if (fields !== 'same') checkFields(fields)
    const text = collector.entryOf(id)
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

function checkEntry(listing: Listing, entry: unknown): void {
  const id = listing.identify(entry)
  if (id !== null && typeof id !== 'string') throw new Error(`an id that is ${typeof id}`)
  const parsed = listing.parse(entry)
  if (parsed.kind !== 'model') {
    if (typeof parsed.reason !== 'string' || parsed.reason === '') throw new Error(`${parsed.kind} without a reason`)
    return
  }
  if (id === null) throw new Error('a model without an id')
  for (const warning of parsed.warnings ?? [])
    if (typeof (warning as unknown) !== 'string') throw new Error('a warning that is no text')
  const clean = cleanFields(parsed.fields).fields
  checkFields(clean)
  // Cleaning is for odd texts and numbers; a price leaves the source as it goes into the catalogue.
  for (const name of Object.keys(clean) as FieldName[])
    if (FIELDS[name] === 'decimal' && clean[name] !== parsed.fields[name]) throw new Error(`${name} is not canonical`)
}

/** @throws Error for a field that is none, or whose value its column cannot hold */
export function checkFields(fields: DesiredFields): void {
  for (const [name, value] of Object.entries(fields)) {
    const type = FIELDS[name as FieldName] as (typeof FIELDS)[FieldName] | undefined
    const required = name === 'name' || Array.isArray(value) || type === 'capabilities'
    if (type === undefined || !((value === null && !required) || FITS[type](value)))
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
  mode: (value) => (MODES as readonly unknown[]).includes(value),
  integer: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31,
  decimal: isDecimal,
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
  timestamp: (value) => isTime(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(String(value)),
  date: (value) => isTime(value) && /^\d{4}-\d\d-\d\d$/.test(String(value)),
}
