/** readModel: what all entries of one model come to. */
import { cleanFields } from '../../core/model/clean-fields.js'
import type { ModeChoice } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { Shared } from '../../sources/kit/shared-words.js'
import type { Listing, Parsed, Source } from '../../sources/kit/source.js'
import { mergeListings } from './merge-listings.js'

export interface ListedEntry {
  listing: Listing
  read(): unknown
}

/** `fields` `null`: nothing that is to be kept. */
export interface ModelReading {
  fields: DesiredFields | null
  /** A listing, or its mode, leaves the model out. */
  filtered: boolean
  /** Upstream lists it, and says itself that it does not serve it. */
  withdrawn: boolean
  rejected: { listing: Listing; reason: string }[]
  warnings: string[]
}

/** What a reading goes by. */
export interface ReadingRules {
  /** The source's listings that have been read. */
  read: { has(listing: Listing): boolean }
  shared: Shared
  /** Modes that are wanted; `null`: all. */
  modes: readonly ModeChoice[] | null
  /** What an id must match; `null`: nothing. */
  family: RegExp | null
}

/** An entry at each step. Throws nothing. */
export function* readModel(
  source: Source,
  providerModelId: string,
  entries: readonly ListedEntry[],
  rules: ReadingRules,
): Generator<undefined, ModelReading> {
  const reading: ModelReading = { fields: null, filtered: false, withdrawn: false, rejected: [], warnings: [] }
  const parsed: (Parsed & { listing: Listing })[] = []
  for (const entry of entries) {
    yield
    parsed.push(parse(entry, rules))
  }
  // A list that repeats an id may serve one of the rows and not the other.
  const serves = (listing: Listing): boolean => parsed.some((one) => one.kind === 'model' && one.listing === listing)
  // One listing may know better than another what a name stands for: a router is no model, although a list of names has it.
  const filtered = parsed
    .filter((one) => one.kind === 'filtered')
    .filter(({ withdrawn, listing }) => withdrawn !== true || !serves(listing))
  if (filtered.length > 0)
    return { ...reading, filtered: true, withdrawn: filtered.every(({ withdrawn }) => withdrawn === true) }
  for (const one of parsed)
    if (one.kind === 'rejected') reading.rejected.push({ listing: one.listing, reason: one.reason })
  const models = parsed.filter((one) => one.kind === 'model')
  for (const one of models) for (const warning of one.warnings ?? []) reading.warnings.push(warning)
  // A list of names says nothing beyond the name, of each model.
  const telling = models.filter(({ fields }) => Object.keys(fields).length > 0)
  const [first = models[0], ...more] = telling
  if (first === undefined) return reading
  // What is merged is compared and added up, which odd values do not bear.
  const cleaned = more.length === 0 ? [] : telling.map((one) => ({ ...one, ...cleanFields(one.fields) }))
  for (const { warnings } of cleaned) for (const warning of warnings) reading.warnings.push(warning)
  const said = more.length === 0 ? first.fields : yield* mergeListings(source, cleaned)
  const { fields, warnings } = cleanFields(withAbsent(source, said, entries, rules.read))
  const { mode } = fields
  const { modes, family } = rules
  const isOther = modes !== null && mode !== undefined && !(modes as readonly string[]).includes(mode ?? 'unknown')
  if (isOther || family?.test(providerModelId) === false) return { ...reading, filtered: true }
  for (const warning of warnings) reading.warnings.push(warning)
  return { ...reading, fields }
}

function parse(entry: ListedEntry, { shared }: ReadingRules): Parsed & { listing: Listing } {
  const { listing } = entry
  const said = entry.read()
  const parsed = listing.parse(said)
  if (parsed.kind !== 'model') return { ...parsed, listing }
  const isShared = (shared.dates.get(listing) ?? []).includes(parsed.fields.createdAt ?? '')
  const isCommon = listing.common !== undefined && shared.common.has(listing)
  if (!isShared && !isCommon) return { ...parsed, listing }
  const fields = {
    ...parsed.fields,
    ...(isShared ? { createdAt: null } : {}),
    ...(isCommon ? listing.common?.without(said) : {}),
  }
  return { ...parsed, fields, listing }
}

/** What the listings say that have been read and do not have this model. */
function withAbsent(
  source: Source,
  fields: DesiredFields,
  entries: readonly ListedEntry[],
  read: { has(listing: Listing): boolean },
): DesiredFields {
  const silent = source.listings.filter(
    (listing) =>
      listing.absent !== undefined && read.has(listing) && entries.every((entry) => entry.listing !== listing),
  )
  if (silent.length === 0) return fields
  const absent: DesiredFields = Object.assign({}, ...silent.map((listing) => listing.absent))
  const known = { ...fields } as Record<string, unknown>
  for (const [field, value] of Object.entries(absent)) if (known[field] === undefined) known[field] = value
  return known as DesiredFields
}
