/** SentEntries: the entries of a large body, each parsed when it is read, so that they are never all on the heap. */
import type { Listing } from '../sources/kit/source.js'
import { MAX_ENTRY_DEPTH } from './answer-limits.js'
import type { HttpBody } from './http-body.js'
import { heapBytesOf } from './read-json.js'
import type { JsonShape } from './json-shape.js'

/** What takes less on the heap, about, is parsed in one go, which is quicker. */
export const MOST_AT_ONCE_BYTES = 96 * 1024 * 1024

const COMMA = 0x2c
/** White space, in JSON. */
const BLANKS: readonly (number | undefined)[] = [0x20, 0x0a, 0x0d, 0x09]

/** Bytes: a line and its indentation. */
const MOST_BETWEEN = 64

/** Stands in the list while the rest of the body is parsed. */
const STAND_IN = '{}'

/** The entries of one page, in upstream's order. */
export type Entries = readonly unknown[] | SentEntries

/** One of the entries is no JSON, and so the whole body is none. */
export class InvalidEntry extends Error {}

export class SentEntries {
  /** Called with each entry that is gone through, before whoever goes through them has it. */
  onEntry: ((entry: unknown) => void) | null = null
  /** Whoever reads an entry reads more of it at once. */
  private last: { index: number; text: string | null; entry?: unknown } = { index: -1, text: null }

  /** @param places starts and ends by turns */
  constructor(
    private readonly body: HttpBody,
    private readonly places: readonly number[],
  ) {}

  get length(): number {
    return this.places.length / 2
  }

  /** As it was sent. */
  textAt(index: number): string {
    if (this.last.text === null || this.last.index !== index)
      this.last = { index, text: this.body.part(this.places[2 * index] ?? 0, this.places[2 * index + 1] ?? 0) }
    return this.last.text ?? ''
  }

  /** The same as long as no other is asked for. Throws nothing for one that was gone through before. @throws InvalidEntry */
  entryAt(index: number): unknown {
    try {
      const text = this.textAt(index)
      return (this.last.entry ??= JSON.parse(text) as unknown)
    } catch (error) {
      throw new InvalidEntry('an entry is no JSON', { cause: error })
    }
  }

  /** @throws InvalidEntry */
  *[Symbol.iterator](): Generator<unknown> {
    for (let index = 0; index < this.length; index++) {
      const entry = this.entryAt(index)
      this.onEntry?.(entry)
      yield entry
    }
  }
}

/**
 * The entries of `body` by where they lie in it.
 * @returns `null`: the body is small, or its entries cannot be told from its bytes, or all of them are looked at in other ways as well; nothing is
 * said of whether it is JSON
 */
export function sentEntries(listing: Listing, body: HttpBody, shape: JsonShape): SentEntries | null {
  const { next, missing, details, optional } = listing
  // What is optional is taken whole or not at all, and an entry that is no JSON is found when others have been taken.
  if (next !== undefined || missing !== undefined || details !== undefined || optional !== undefined) return null
  if (heapBytesOf(body, shape) <= MOST_AT_ONCE_BYTES || shape.deepest > MAX_ENTRY_DEPTH) return null
  const places = shape.listPlaces
  if (places === null || places.length === 0 || !isPlainList(body, places)) return null
  const around = body.part(0, places[0] ?? 0) + STAND_IN + body.part(places.at(-1) ?? 0, body.bytes)
  try {
    const answer: unknown = JSON.parse(around)
    const entries = listing.entries(answer, 1)
    const isList = shape.isTheList(answer, entries) && JSON.stringify(entries) === `[${STAND_IN}]`
    return isList ? new SentEntries(body, places) : null
  } catch {
    // Whatever it is, it is told of the whole body.
    return null
  }
}

/** Whether there is one comma between two objects each, and nothing else. */
function isPlainList(body: HttpBody, places: readonly number[]): boolean {
  for (let at = 1; at + 1 < places.length; at += 2) {
    if ((places[at + 1] ?? 0) - (places[at] ?? 0) > MOST_BETWEEN) return false
    let commas = 0
    for (let byte = places[at] ?? 0; byte < (places[at + 1] ?? 0); byte++)
      if (body.byteAt(byte) === COMMA) commas += 1
      else if (!BLANKS.includes(body.byteAt(byte))) return false
    if (commas !== 1) return false
  }
  return true
}
