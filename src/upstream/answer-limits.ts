/** How much one provider may answer: what is larger fails it, before it takes the memory or the time of everybody else. */

export interface AnswerLimits {
  /** Of one body, after decompression. */
  maxBodyBytes: number
  /** Of all pages of one listing. */
  maxListingBytes: number
  /** Of one listing. */
  maxPages: number
  /** Of all pages of one listing. */
  maxEntries: number
  /** Objects, lists and commas in one body. */
  maxValues: number
}

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: AnswerLimits = {
  maxBodyBytes: 64 * MIB,
  maxListingBytes: 256 * MIB,
  maxPages: 200,
  maxEntries: 200_000,
  maxValues: 2_000_000,
}

/** Levels of one entry; one that has more is malformed. No vendor has more than ten. */
export const MAX_ENTRY_DEPTH = 64
/** Of one entry as it came, and of any text. The largest that anybody sends is a hundredth of it. */
export const MAX_RAW_ENTRY_BYTES = MIB
