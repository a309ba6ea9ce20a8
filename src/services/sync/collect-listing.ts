/** Turns the entries of an answer into the desired state, one model for each id, without parsing what has not changed. */
import { cleanFields, cleanId } from '../../core/model/clean-fields.js'
import { findDoubts } from '../../core/model/doubt.js'
import { FIELD_NAMES, type ModeChoice } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { Desired } from '../../core/plan/plan.js'
import { MAX_ENTRY_DEPTH } from '../../upstream/answer-limits.js'
import { TOO_DEEP } from '../../upstream/bound-entries.js'
import { CreationDates } from '../../sources/kit/creation-dates.js'
import { fitEntry } from '../../sources/kit/fit.js'
import { keepMembers } from '../../sources/kit/members.js'
import { pauses } from '../../upstream/pauses.js'
import type { Listing, Parsed, Source } from '../../sources/kit/source.js'
import { digestEntry, digestGroup, digestText } from './entry-digest.js'
import { mergeListings } from './merge-listings.js'
import { KeptTexts, type KeptText } from './off-heap-texts.js'
import { WarningCounter } from './warning-counter.js'
import type { CompiledSettings } from '../providers/provider-settings.js'

export interface RejectedEntry {
  listing: Listing
  /** `null`: the entry has no id. */
  providerModelId: string | null
  reason: string
}

/** What an answer comes down to. */
export interface Collected {
  desired: Map<string, Desired>
  /** Hex, of all entries of a model that is not the same. */
  digests: Map<string, string>
  /** Ids of models that the answer has, but only in entries that could not be read or are filtered: not missing. */
  mentioned: Set<string>
  rejected: RejectedEntry[]
  filtered: number
  warnings: string[]
  /** Ids of the models that these warnings are about, or of which another entry was rejected. */
  warned: Set<string>
}

/** A raw entry that waits, or what became of it: pages of a long listing are read at once, so that they can go. */
type Item = { digest: string; listing: Listing } & ({ entry: unknown } | { parsed: Parsed; text: KeptText | null })

/** What an entry says; `clean`: in the one form that is kept already. */
type ReadEntry = Parsed & { listing: Listing; clean: boolean }

/** Of one model: a proxy has a deployment for each region and key, and each further entry is compared with those that are there. */
export const MOST_ENTRIES_OF_A_MODEL = 10_000
/** Characters of a model's entries together, as they are kept and shown. */
const MOST_ENTRY_TEXT = 1024 * 1024

const TOO_MANY = `more than ${MOST_ENTRIES_OF_A_MODEL} entries have its id`

export class ListingCollector {
  private readonly items = new Map<string, Item[]>()
  private readonly rejected: RejectedEntry[] = []
  /** Raw ids that cannot be kept, with the listing that had them first. */
  private readonly rejectedIds = new Map<string, Listing>()
  private readonly entries = new Map<Listing, number>()
  private readonly dates = new Map<Listing, CreationDates>()
  /** ISO 8601, UTC: by listing the dates that are nobody's own. */
  private sharedDates: ReadonlyMap<Listing, readonly string[]> = new Map()
  private readonly rest = pauses()
  private now: string | null = null

  /**
   * @param redact takes the keys that were sent out of the JSON text of what came back
   * @param maxEntryBytes of what is kept of an entry
   */
  constructor(
    private readonly source: Source,
    private readonly redact: (json: string) => string = (json) => json,
    private readonly maxEntryBytes: number = Infinity,
  ) {}

  /** The listing with the largest part of malformed entries: one good list of names must not hide that the other cannot be read. */
  worstListing({ rejected }: Collected): { entries: number; rejected: RejectedEntry[] } {
    let worst = { entries: 0, rejected: [] as RejectedEntry[] }
    for (const [listing, entries] of this.entries) {
      // The others are complete without it, so its odd entries hold nothing up.
      if (listing.optional !== undefined) continue
      const own = rejected.filter((entry) => entry.listing === listing)
      if (own.length * worst.entries >= worst.rejected.length * entries && own.length > 0)
        worst = { entries, rejected: own }
    }
    return worst
  }

  /** Takes a page. Throws nothing. */
  async add(listing: Listing, entries: readonly unknown[]): Promise<void> {
    this.entries.set(listing, (this.entries.get(listing) ?? 0) + entries.length)
    const texts = new KeptTexts()
    const dates = this.dates.get(listing) ?? new CreationDates()
    this.dates.set(listing, dates)
    for (const sent of entries) {
      // Each time, since one entry may take as long as a hundred others.
      const pause = this.rest()
      if (pause !== undefined) await pause
      if (sent === TOO_DEEP) {
        const reason = `it is nested deeper than ${MAX_ENTRY_DEPTH} levels`
        this.rejected.push({ listing, providerModelId: null, reason })
        continue
      }
      const sentText = JSON.stringify(sent)
      const text = this.redact(sentText)
      const entry: unknown = text === sentText ? sent : JSON.parse(text)
      dates.add(entry)
      const raw = listing.identify(entry)
      if (raw === null) {
        this.rejected.push({ listing, providerModelId: null, reason: 'it has no id' })
        continue
      }
      const cleaned = cleanId(raw)
      if ('reason' in cleaned) {
        // Where another listing repeats the id it is the same model, and not counted again.
        const first = this.rejectedIds.get(raw) ?? listing
        this.rejectedIds.set(raw, first)
        if (first === listing) this.rejected.push({ listing, providerModelId: null, reason: cleaned.reason })
        continue
      }
      const digest = listing.volatile === undefined ? digestText(text) : digestEntry(entry, listing.volatile)
      const item =
        listing.next === undefined
          ? { digest, listing, entry }
          : { digest, listing, parsed: parseClean(listing, entry), text: texts.keep(this.entryText(listing, entry)) }
      const known = this.items.get(cleaned.id)
      if (known === undefined) this.items.set(cleaned.id, [item])
      else if (known.length === MOST_ENTRIES_OF_A_MODEL)
        this.rejected.push({ listing, providerModelId: cleaned.id, reason: TOO_MANY })
      // LiteLLM spells what a wildcard stands for twice, to the letter: that is one entry, not two deployments.
      else if (known.every((other) => other.digest !== digest)) known.push(item)
    }
    texts.seal()
  }

  /**
   * The desired state.
   * @param unchanged whether the entries with this digest are the ones that the model was last written from, and would be read alike today
   * @param wanted what a rule leaves out, and the modes that are synced (`null`: the source's own, if it has any); without a choice of either the
   * source's own family
   * @param now ISO 8601, for dates that are hard to believe; default: they are believed
   */
  async resolve(
    unchanged: (providerModelId: string, digest: string) => boolean,
    {
      excludes,
      modes,
      include = [],
    }: Pick<CompiledSettings, 'excludes' | 'modes'> & Partial<Pick<CompiledSettings, 'include'>>,
    now: string | null = null,
  ): Promise<Collected> {
    this.now = now
    const collected: Collected = {
      desired: new Map(),
      digests: new Map(),
      mentioned: new Set(),
      rejected: [...this.rejected],
      filtered: 0,
      warnings: [],
      warned: new Set(),
    }
    const warnings = new WarningCounter(collected.warned)
    const unread = this.source.listings.filter((listing) => listing.absent !== undefined && !this.entries.has(listing))
    this.sharedDates = new Map([...this.dates].map(([listing, dates]) => [listing, dates.shared()]))
    // An entry that was read without a listing is another one: what that listing says of it is to be looked at when it is back. So is one whose date
    // is no longer everybody's.
    const marks = [...unread.map(({ path }) => `without ${path}`), ...[...this.sharedDates.values()].flat()]
    const { modes: usual = null, family = null } = this.source
    const isUsual = modes === null && usual !== null && include.length === 0
    const choice = { modes: modes ?? usual, family: isUsual ? family : null }
    for (const [providerModelId, items] of this.items) {
      const pause = this.rest()
      if (pause !== undefined) await pause
      if (items.every(({ listing }) => listing.supplements === true)) continue
      if (excludes(providerModelId)) {
        collected.filtered += 1
        continue
      }
      const digest = digestGroup([...items.map((item) => item.digest), ...marks])
      if (unchanged(providerModelId, digest)) {
        collected.desired.set(providerModelId, 'same')
        continue
      }
      collected.digests.set(providerModelId, digest)
      await this.read(collected, providerModelId, items, warnings, choice)
    }
    collected.warnings.push(...warnings.lines())
    return collected
  }

  /** The JSON text of what may be kept of a model's entries: one entry, or a list of several; `null`: nothing. */
  entryOf(providerModelId: string): string | null {
    const texts = (this.items.get(providerModelId) ?? [])
      .map((item) => ('entry' in item ? this.entryText(item.listing, item.entry) : (item.text?.() ?? null)))
      .filter((text) => text !== null)
    if (texts.length <= 1) return texts[0] ?? null
    let left = MOST_ENTRY_TEXT
    return `[${texts
      .sort()
      .filter((text) => (left -= text.length) >= 0)
      .join(',')}]`
  }

  private async read(
    collected: Collected,
    providerModelId: string,
    items: readonly Item[],
    warnings: WarningCounter,
    { modes, family }: { modes: readonly ModeChoice[] | null; family: RegExp | null },
  ): Promise<void> {
    const parsed: ReadEntry[] = []
    for (const item of items) {
      const pause = this.rest()
      if (pause !== undefined) await pause
      parsed.push(this.parsed(item, items.length > 1))
    }
    // A list that repeats an id may serve one of the rows and not the other.
    const serves = (listing: Listing): boolean => parsed.some((one) => one.kind === 'model' && one.listing === listing)
    // One listing may know better than another what a name stands for: a router is no model, although a list of names has it.
    const filtered = parsed
      .filter((one) => one.kind === 'filtered')
      .filter(({ withdrawn, listing }) => withdrawn !== true || !serves(listing))
    if (filtered.length > 0) {
      collected.filtered += 1
      // What upstream lists and does not serve is missing, for all that it says.
      if (filtered.some(({ withdrawn }) => withdrawn !== true)) collected.mentioned.add(providerModelId)
      return
    }
    for (const { listing, ...one } of parsed) {
      if (one.kind !== 'rejected') continue
      collected.rejected.push({ listing, providerModelId, reason: one.reason })
      collected.warned.add(providerModelId)
    }
    const models = parsed.filter((one) => one.kind === 'model')
    for (const one of models) for (const warning of one.warnings ?? []) warnings.add(providerModelId, warning)
    // A list of names says nothing beyond the name, of each model.
    const telling = models.filter(({ fields }) => Object.keys(fields).length > 0)
    const [first = models[0], ...more] = telling
    if (first === undefined) {
      collected.mentioned.add(providerModelId)
      return
    }
    const clean = more.length === 0 && first.clean
    const said = more.length === 0 ? first.fields : await mergeListings(this.source, telling, this.rest)
    const merged = this.withAbsent(said, items)
    const cleaned = clean ? { fields: merged, warnings: [] } : cleanFields(merged)
    const { mode } = cleaned.fields
    const isOther = modes !== null && mode !== undefined && !(modes as readonly string[]).includes(mode ?? 'unknown')
    if (isOther || family?.test(providerModelId) === false) {
      collected.filtered += 1
      collected.mentioned.add(providerModelId)
      return
    }
    for (const warning of cleaned.warnings) warnings.add(providerModelId, warning)
    for (const { field, value, expected } of findDoubts(cleaned.fields, this.now))
      warnings.add(
        providerModelId,
        `${field}: ${value} is hard to believe, expected ${expected}; kept, and marked as doubtful`,
      )
    collected.desired.set(providerModelId, cleaned.fields)
  }

  /** @param isOneOfSeveral only what is clean can be merged */
  private parsed(item: Item, isOneOfSeveral: boolean): ReadEntry {
    const { listing } = item
    const clean = isOneOfSeveral || !('entry' in item)
    const parse = clean ? (entry: unknown) => parseClean(listing, entry) : listing.parse
    const parsed = 'entry' in item ? parse(item.entry) : item.parsed
    const shared = this.sharedDates.get(listing) ?? []
    if (parsed.kind !== 'model' || !shared.includes(parsed.fields.createdAt ?? '')) return { ...parsed, listing, clean }
    return { ...parsed, fields: { ...parsed.fields, createdAt: null }, listing, clean }
  }

  /** What the listings say that have been read and do not have this model. */
  private withAbsent(fields: DesiredFields, items: readonly Item[]): DesiredFields {
    const silent = this.source.listings.filter(
      (listing) =>
        listing.absent !== undefined && this.entries.has(listing) && items.every((item) => item.listing !== listing),
    )
    if (silent.length === 0) return fields
    const known: Record<string, unknown> = Object.assign({}, ...silent.map((listing) => listing.absent))
    // One by one: an object made of entries is slow to make and to read, and there is one for each model.
    for (const field of FIELD_NAMES) if (fields[field] !== undefined) known[field] = fields[field]
    return known as DesiredFields
  }

  private entryText(listing: Listing, entry: unknown): string | null {
    const kept = keepMembers(listing.members, entry)
    return kept === null ? null : fitEntry(kept, this.maxEntryBytes)
  }
}

/** Of an entry that is let go: what it says in the one form that is kept, so that nobody copies it once more. */
function parseClean(listing: Listing, entry: unknown): Parsed {
  const parsed = listing.parse(entry)
  if (parsed.kind !== 'model') return parsed
  const { fields, warnings } = cleanFields(parsed.fields)
  return { kind: 'model', fields, warnings: [...(parsed.warnings ?? []), ...warnings] }
}
