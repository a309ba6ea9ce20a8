/** Turns the entries of an answer into the desired state, one model for each id, without parsing what has not changed. */
import { cleanFields, cleanId } from '../../core/model/clean-fields.js'
import { FIELD_NAMES, type DesiredFields, type Mode } from '../../core/model/model.js'
import type { Desired } from '../../core/plan/plan.js'
import { MAX_ENTRY_DEPTH } from '../../upstream/answer-limits.js'
import { TOO_DEEP } from '../../upstream/bound-entries.js'
import { fitEntry } from '../../sources/kit/fit.js'
import { keepMembers } from '../../sources/kit/members.js'
import { pauses } from '../../upstream/pauses.js'
import type { Listing, Parsed, Source } from '../../sources/kit/source.js'
import { digestEntry, digestGroup, digestText } from './entry-digest.js'
import { mergeEntries } from '../merge-entries.js'
import { KeptTexts, type KeptText } from './off-heap-texts.js'
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

// The first ones tell the story, thousands would bury it.
const MOST_WARNINGS = 20
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
  private readonly rest = pauses()

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
   * @param wanted what a rule leaves out, and the modes that are synced (`null`: the source's own, if it has any)
   */
  async resolve(
    unchanged: (providerModelId: string, digest: string) => boolean,
    { excludes, modes }: Pick<CompiledSettings, 'excludes' | 'modes'>,
  ): Promise<Collected> {
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
    const unreadMarks = unread.map(({ path }) => `without ${path}`)
    for (const [providerModelId, items] of this.items) {
      const pause = this.rest()
      if (pause !== undefined) await pause
      if (items.every(({ listing }) => listing.supplements === true)) continue
      if (excludes(providerModelId)) {
        collected.filtered += 1
        continue
      }
      // An entry that was read without a listing is another one: what that listing says of it is to be looked at when it is back.
      const digest = digestGroup([...items.map((item) => item.digest), ...unreadMarks])
      if (unchanged(providerModelId, digest)) {
        collected.desired.set(providerModelId, 'same')
        continue
      }
      collected.digests.set(providerModelId, digest)
      await this.read(collected, providerModelId, items, warnings, modes ?? this.source.modes ?? null)
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
    modes: readonly Mode[] | null,
  ): Promise<void> {
    const parsed = []
    for (const item of items) {
      const pause = this.rest()
      if (pause !== undefined) await pause
      const { listing } = item
      parsed.push({
        listing,
        ...('entry' in item ? listing.parse(item.entry) : item.parsed),
        clean: !('entry' in item),
      })
    }
    // One listing may know better than another what a name stands for: a router is no model, although a list of names has it.
    const filtered = parsed.filter((one) => one.kind === 'filtered')
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
    const telling = models.filter(({ fields }, index) => index === 0 || Object.keys(fields).length > 0)
    const [first] = telling
    if (first === undefined) {
      collected.mentioned.add(providerModelId)
      return
    }
    const said = telling.map(({ fields }) => fields)
    const clean = said.length === 1 && first.clean
    const merged = this.withAbsent(await mergeEntries(said, this.source.merge, this.rest), items)
    const cleaned = clean ? { fields: merged, warnings: [] } : cleanFields(merged)
    const { mode } = cleaned.fields
    if (modes !== null && mode !== undefined && (mode === null || !modes.includes(mode))) {
      collected.filtered += 1
      collected.mentioned.add(providerModelId)
      return
    }
    for (const warning of cleaned.warnings) warnings.add(providerModelId, warning)
    collected.desired.set(providerModelId, cleaned.fields)
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

/** A quoted text, or a number. */
const FOUND = /"(?:[^"\\]|\\.)*"?|-?\b\d[\d.e+-]*/g

/** Warnings of one kind, of however many models, are one line. */
class WarningCounter {
  private readonly seen = new Map<string, { first: string; warning: string; models: Set<string> }>()

  /** @param warned gets the ids */
  constructor(private readonly warned: Set<string>) {}

  add(providerModelId: string, warning: string): void {
    this.warned.add(providerModelId)
    // Warnings that differ in what was found alone are one.
    const kind = warning.replace(FOUND, '…')
    const known = this.seen.get(kind)
    if (known === undefined)
      this.seen.set(kind, { first: providerModelId, warning, models: new Set([providerModelId]) })
    else known.models.add(providerModelId)
  }

  lines(): string[] {
    const lines = [...this.seen].map(
      ([, { first, warning, models }]) =>
        `${first}${models.size > 1 ? ` and ${models.size - 1} more` : ''}: ${warning}`,
    )
    const left = lines.length - MOST_WARNINGS
    return left > 0 ? [...lines.slice(0, MOST_WARNINGS), `${left} further warnings are left out`] : lines
  }
}
