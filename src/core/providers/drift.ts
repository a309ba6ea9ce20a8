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
