/** Drift: members that a provider's entries state and nobody reads, and those that they no longer state; followed from sync to sync. Pure. */

/** What a member looks like, by its name and the kind of its values; the most telling first. */
export const LOOKS = ['price', 'date', 'limit', 'flag', 'number', 'text'] as const
export type Look = (typeof LOOKS)[number]

/** One member in the entries of one answer. */
export interface CountedMember {
  /** Below the entry: `pricing.prompt`; lists are looked through. */
  path: string
  looksLike: Look
  /** That have it, with a value. */
  entries: number
}

/** What one listing's entries state. */
export interface MemberCounts {
  /** The listing's path. */
  listing: string
  /** All of them; 0: the listing was not read. */
  entries: number
  /** Members that the source reads or leaves aside. */
  named: CountedMember[]
  unread: CountedMember[]
}

export interface DriftingMember extends CountedMember {
  /** ISO 8601: of the sync that found it first. */
  since: string
}

/** As far as one listing goes. JSON in the database. */
interface ListingDrift {
  entries: number
  /** By path: named members that nearly all entries have had, and prices that some have had; in how many percent of them at most. */
  usual: Record<string, { looksLike: Look; percent: number }>
  unread: DriftingMember[]
  vanished: DriftingMember[]
}

/** By the listing's path. JSON in the database. */
export type Drift = Record<string, ListingDrift>

/** Percent of the entries: a member in so many is usual, and gone when it is in so few. */
const USUAL_PERCENT = 90
const GONE_PERCENT = 10
/** A price that so many have had is gone when none has it. */
const LEAST_PRICES = { percent: 10, entries: 2 }
/** In one sentence. */
const MOST_SHOWN = 5
/** Of one provider, and of each of the two kinds: as much as somebody looks at. */
const MOST_MEMBERS = 50

/**
 * What is known after an answer.
 * @param before `null`: nothing
 * @param at ISO 8601
 */
export function followDrift(before: Drift | null, counts: readonly MemberCounts[], at: string): Drift {
  const after: Drift = {}
  const room = { unread: MOST_MEMBERS, vanished: MOST_MEMBERS }
  for (const counted of counts) {
    const known = before?.[counted.listing]
    // Not read this time, or empty: what it said last still stands.
    const drift = counted.entries === 0 ? known : followListing(known ?? NOTHING_KNOWN, counted, at)
    if (drift === undefined) continue
    const unread = telling(drift.unread, room.unread)
    const vanished = telling(drift.vanished, room.vanished)
    room.unread -= unread.length
    room.vanished -= vanished.length
    after[counted.listing] = { ...drift, unread, vanished }
  }
  return after
}

/** All of a provider's, the most telling first; `null`: nothing is known. */
export function driftingMembers(
  drift: Drift | null,
  kind: 'unread' | 'vanished',
): (DriftingMember & { listing: string; of: number })[] {
  return Object.entries(drift ?? {})
    .flatMap(([path, found]) => {
      const listing = path.replace(/\?.*/s, '')
      return found[kind].map((member) => ({ ...member, listing, of: found.entries }))
    })
    .sort(byTelling)
}

/** What `after` has that `before` had not, for a reader: `pricing.input (price), …`; `null`: nothing. */
export function newDrift(before: Drift | null, after: Drift): string | null {
  const parts = (['unread', 'vanished'] as const).flatMap((kind) => {
    const known = new Set(driftingMembers(before, kind).map(({ listing, path }) => `${listing} ${path}`))
    const found = driftingMembers(after, kind).filter(({ listing, path }) => !known.has(`${listing} ${path}`))
    if (found.length === 0) return []
    const shown = found.slice(0, MOST_SHOWN).map(({ path, looksLike }) => `${path} (${looksLike})`)
    const rest = found.length > MOST_SHOWN ? ` and ${found.length - MOST_SHOWN} more` : ''
    return `${kind === 'unread' ? 'members that nobody reads' : 'members that are gone'}: ${shown.join(', ')}${rest}`
  })
  return parts.length === 0 ? null : parts.join('; ')
}

const NOTHING_KNOWN: ListingDrift = { entries: 0, usual: {}, unread: [], vanished: [] }

function followListing(before: ListingDrift, { entries, named, unread }: MemberCounts, at: string): ListingDrift {
  const usual: ListingDrift['usual'] = {}
  const vanished: DriftingMember[] = []
  for (const { path, looksLike, entries: having } of named) {
    const known = Object.hasOwn(before.usual, path) ? before.usual[path] : undefined
    const gone = before.vanished.find((member) => member.path === path)
    const percent = (having * 100) / entries
    const isGone =
      gone === undefined
        ? known !== undefined && (having === 0 || (known.percent >= USUAL_PERCENT && percent < GONE_PERCENT))
        : percent < GONE_PERCENT
    const looked = known?.looksLike ?? gone?.looksLike ?? looksLike
    const isPrice = looked === 'price' && having >= LEAST_PRICES.entries && percent >= LEAST_PRICES.percent
    if (isGone) vanished.push({ path, looksLike: looked, entries: having, since: gone?.since ?? at })
    else if (known !== undefined || gone !== undefined || isPrice || percent >= USUAL_PERCENT)
      usual[path] = { looksLike: looked, percent: Math.max(known?.percent ?? 0, Math.floor(percent)) }
  }
  return {
    entries,
    usual,
    unread: unread.map((member) => {
      const known = before.unread.find(({ path }) => path === member.path)
      return { ...member, since: known?.since ?? at }
    }),
    vanished,
  }
}

function telling(members: readonly DriftingMember[], most: number): DriftingMember[] {
  return [...members].sort(byTelling).slice(0, most)
}

function byTelling(a: CountedMember, b: CountedMember): number {
  return LOOKS.indexOf(a.looksLike) - LOOKS.indexOf(b.looksLike) || b.entries - a.entries
}
