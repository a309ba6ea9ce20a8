/** Turns the entries of an answer into the desired state, one model for each id, without parsing what has not changed. */
import { cleanId } from '../../core/model/clean-fields.js'
import type { Desired } from '../../core/plan/plan.js'
import { MAX_ENTRY_DEPTH } from '../../upstream/answer-limits.js'
import { FetchProblem } from '../../upstream/fetch-problem.js'
import { TOO_DEEP } from '../../upstream/bound-entries.js'
import { SentEntries, type Entries } from '../../upstream/sent-entries.js'
import { fitEntry } from '../../sources/kit/fit.js'
import { MemberCounter } from '../../sources/kit/member-counter.js'
import { keepMembers } from '../../sources/kit/members.js'
import { SharedWords } from '../../sources/kit/shared-words.js'
import { withPauses, pauses } from '../../pauses.js'
import type { Listing, Source } from '../../sources/kit/source.js'
import type { Collected, RejectedEntry } from './collected.js'
import { digestEntry, digestGroup, digestText } from './entry-digest.js'
import { EntriesAhead } from './entries-ahead.js'
import { FieldsRoom } from './fields-room.js'
import { FieldsOfItems } from './fields-of-items.js'
import { KeptEntries, KeptEntry } from './kept-entries.js'
import { noteDoubts } from './note-doubts.js'
import { Standings } from './standings.js'
import { readModel, type ModelReading, type ReadingRules } from './read-model.js'
import type { SecondOpinion } from './sync-context.js'
import { WarningCounter } from './warning-counter.js'
import type { CompiledSettings } from '../providers/provider-settings.js'

/** There are as many as there are entries, so it has no members to spare. */
class Item extends KeptEntry {
  constructor(
    readonly listing: Listing,
    readonly digest: string,
    entry: unknown,
  ) {
    super(entry)
  }
}

/** Entries of one model that are read again at once, without a pause; where there are more, what they say is kept instead. */
const MOST_READ_AT_ONCE = 50

/** Of one model: a proxy has a deployment for each region and key, and each further entry is compared with those that are there. */
export const MOST_ENTRIES_OF_A_MODEL = 10_000
/** Characters of a model's entries together, as they are kept and shown. */
const MOST_ENTRY_TEXT = 1024 * 1024

/** Characters of the ids of one answer together: a hundred and fifty of each, where there are as many as there may be. No other part of a model is always at hand. */
const MOST_ID_TEXT = 32 * 1024 * 1024

const TOO_MANY = `more than ${MOST_ENTRIES_OF_A_MODEL} entries have its id`

export class ListingCollector {
  private readonly items = new Map<string, Item[]>()
  private readonly kept: KeptEntries
  private idText = 0
  private readonly rejected: RejectedEntry[] = []
  /** Digests of raw ids that cannot be kept, with the listing that had them first. */
  private readonly rejectedIds = new Map<string, Listing>()
  private readonly entries = new Map<Listing, number>()
  private readonly members: ReadonlyMap<Listing, MemberCounter>
  private readonly shared = new SharedWords()
  private readonly standings = new Standings()
  private readonly rest = pauses()

  /**
   * @param redact takes the keys that were sent out of the JSON text of what came back
   * @param maxEntryBytes of what is kept of an entry
   * @param maxPackedBytes of all entries, compressed
   */
  constructor(
    private readonly source: Source,
    private readonly redact: (json: string) => string = (json) => json,
    private readonly maxEntryBytes: number = Infinity,
    maxPackedBytes: number = Infinity,
  ) {
    this.kept = new KeptEntries(maxPackedBytes)
    this.members = new Map(
      source.listings.flatMap((listing) => {
        const { members, details } = listing
        return members === undefined ? [] : [[listing, new MemberCounter(members, details?.member)] as const]
      }),
    )
  }

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

  /**
   * Takes a page. @throws FetchProblem when all entries together take too much memory
   * @param bytes that its entries take on the heap, about
   * @param textOf the JSON text of an entry, by its index; default: it is made
   */
  async add(listing: Listing, entries: Entries, bytes = 0, textOf?: (index: number) => string): Promise<void> {
    this.entries.set(listing, (this.entries.get(listing) ?? 0) + entries.length)
    const members = this.members.get(listing)
    let index = -1
    for (const sent of entries) {
      index += 1
      // Each time, since one entry may take as long as a hundred others.
      const pause = this.rest()
      if (pause !== undefined) await pause
      if (sent === TOO_DEEP) {
        const reason = `it is nested deeper than ${MAX_ENTRY_DEPTH} levels`
        this.rejected.push({ listing, providerModelId: null, reason })
        continue
      }
      const sentText = textFrom(sent, textOf?.(index))
      const text = this.redact(sentText)
      const entry: unknown = text === sentText ? sent : JSON.parse(text)
      this.shared.add(listing, entry)
      members?.add(entry)
      const raw = listing.identify(entry)
      if (raw === null) {
        this.rejected.push({ listing, providerModelId: null, reason: 'it has no id' })
        continue
      }
      const cleaned = cleanId(raw)
      if ('reason' in cleaned) {
        // Where another listing repeats the id it is the same model, and not counted again.
        const rawDigest = digestText(raw)
        const first = this.rejectedIds.get(rawDigest) ?? listing
        this.rejectedIds.set(rawDigest, first)
        if (first === listing) this.rejected.push({ listing, providerModelId: null, reason: cleaned.reason })
        continue
      }
      const digest = listing.volatile === undefined ? digestText(text) : digestEntry(entry, listing.volatile)
      const known = this.items.get(cleaned.id)
      if (known?.length === MOST_ENTRIES_OF_A_MODEL) {
        this.rejected.push({ listing, providerModelId: cleaned.id, reason: TOO_MANY })
        continue
      }
      // LiteLLM spells what a wildcard stands for twice, to the letter: that is one entry, not two deployments.
      if (known?.some((other) => other.digest === digest) === true) continue
      this.standings.add(cleaned.id, listing, entry)
      const item = new Item(listing, digest, entry)
      if (entries instanceof SentEntries && text === sentText) this.kept.keepSent(item, entries, index)
      else {
        const packing = this.kept.keep(item, text)
        if (packing !== undefined) await packing
      }
      if (known === undefined) this.addModel(cleaned.id, item)
      else known.push(item)
    }
    await this.kept.endPage(bytes, listing.next !== undefined)
  }

  private addModel(id: string, item: Item): void {
    this.idText += id.length
    if (this.idText > MOST_ID_TEXT) throw new FetchProblem({ code: 'ids-too-large', facts: { most: MOST_ID_TEXT } })
    this.items.set(id, [item])
  }

  /**
   * The desired state.
   * @param unchanged whether the entries with this digest are the ones that the model was last written from, and would be read alike today
   * @param wanted what a rule leaves out, and the modes that are synced (`null`: the source's own, if it has any); without a choice of either the
   * source's own family
   * @param now ISO 8601, for dates that are hard to believe; default: they are believed
   * @param seesPart the key may not see each name that can be called
   * @param opinion of price books; default: none is asked
   */
  async resolve(
    unchanged: (providerModelId: string, digest: string) => boolean,
    {
      excludes,
      modes,
      include = [],
    }: Pick<CompiledSettings, 'excludes' | 'modes'> & Partial<Pick<CompiledSettings, 'include'>>,
    now: string | null = null,
    seesPart = false,
    opinion: SecondOpinion | null = null,
  ): Promise<Collected> {
    const collected: Collected = {
      desired: new Map(),
      digests: new Map(),
      mentioned: new Set(),
      uncallable: new Map(),
      rejected: [...this.rejected],
      filtered: 0,
      members: [...this.members].map(([{ path }, counter]) => counter.counts(path)),
      warnings: [],
      doubted: new Map(),
      warned: new Set(),
      chunks: [],
    }
    const ahead = new EntriesAhead(collected.chunks, this.kept.areSent)
    const room = new FieldsRoom(this.packed, this.kept.areSent)
    const warnings = new WarningCounter(collected.warned)
    const shared = this.shared.found()
    const marks = [...this.unreadMarks(), ...shared.marks]
    const choice = this.choiceOf(modes, include)
    const steps = (providerModelId: string, items: readonly Item[]): Generator<undefined, ModelReading> =>
      readModel(this.source, providerModelId, items, { read: this.entries, shared, ...choice })
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
        this.want(collected, providerModelId, 'same', seesPart)
        continue
      }
      collected.digests.set(providerModelId, digest)
      const reading = await withPauses(steps(providerModelId, items), this.rest)
      take(collected, providerModelId, reading, warnings)
      noteDoubts(collected, providerModelId, reading.fields ?? {}, { now, opinion, warnings })
      if (reading.fields === null) continue
      if (ahead.hasRoom) await ahead.add(providerModelId, await this.entryOf(providerModelId))
      const deferred = !room.takes(reading.fields) && items.length <= MOST_READ_AT_ONCE
      const fields = deferred ? new FieldsOfItems(providerModelId, items, steps) : reading.fields
      this.want(collected, providerModelId, fields, seesPart)
    }
    await ahead.end()
    collected.warnings.push(...warnings.lines())
    return collected
  }

  private choiceOf(
    modes: CompiledSettings['modes'],
    include: CompiledSettings['include'],
  ): Pick<ReadingRules, 'modes' | 'family'> {
    const { modes: usual = null, family = null } = this.source
    const isUsual = modes === null && usual !== null && include.length === 0
    return { modes: modes ?? usual, family: isUsual ? family : null }
  }

  /**
   * An entry that was read without a listing is another one: what that listing says of it is to be looked at when it is back. So is one whose date is no
   * longer everybody's, which has marks of its own.
   */
  private unreadMarks(): string[] {
    const unread = this.source.listings.filter((listing) => listing.absent !== undefined && !this.entries.has(listing))
    return unread.map(({ path }) => `without ${path}`)
  }

  private want(collected: Collected, providerModelId: string, desired: Desired, seesPart: boolean): void {
    collected.desired.set(providerModelId, desired)
    const reason = this.standings.of(providerModelId, this.items.get(providerModelId) ?? [], seesPart)
    if (reason !== null) collected.uncallable.set(providerModelId, reason)
  }

  /** Whether the entries are so many that none of them is at hand: then what is made of them should not be there at once either. */
  get packed(): boolean {
    return this.kept.packed
  }

  /** The JSON text of what may be kept of a model's entries: one entry, or a list of several; `null`: nothing. */
  async entryOf(providerModelId: string): Promise<string | null> {
    let texts: string[] = []
    let length = 0
    for (const item of this.items.get(providerModelId) ?? []) {
      const pause = this.rest()
      if (pause !== undefined) await pause
      const text = this.entryText(item.listing, item.read())
      if (text === null) continue
      texts.push(text)
      length += text.length
      if (length > 2 * MOST_ENTRY_TEXT) {
        texts = firstOf(texts)
        length = texts.reduce((sum, { length }) => sum + length, 0)
      }
    }
    return texts.length > 1 ? `[${firstOf(texts).join(',')}]` : (texts[0] ?? null)
  }

  private entryText(listing: Listing, entry: unknown): string | null {
    const kept = keepMembers(listing.members, entry)
    return kept === null ? null : fitEntry(kept, this.maxEntryBytes)
  }
}

/** As it was sent, unless it spells characters in another way than they are looked for; making it anew costs more than all else of an unchanged entry. */
function textFrom(entry: unknown, sent: string | undefined): string {
  return sent === undefined || sent.includes('\\') ? JSON.stringify(entry) : sent
}

/** In order, up to {@link MOST_ENTRY_TEXT}. */
function firstOf(texts: string[]): string[] {
  let left = MOST_ENTRY_TEXT
  return texts.sort().filter((text) => (left -= text.length) >= 0)
}

function take(
  collected: Collected,
  providerModelId: string,
  { fields, filtered, withdrawn, rejected, warnings: found }: ModelReading,
  warnings: WarningCounter,
): void {
  for (const one of rejected) collected.rejected.push({ ...one, providerModelId })
  if (rejected.length > 0) collected.warned.add(providerModelId)
  for (const warning of found) warnings.add(providerModelId, warning)
  if (filtered) collected.filtered += 1
  // What upstream lists and does not serve is missing, for all that it says.
  if (fields === null && !withdrawn) collected.mentioned.add(providerModelId)
}
