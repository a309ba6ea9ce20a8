/** JsonShape: how much a JSON text will become, counted over its bytes before anything is parsed. */

/** Objects of a list of which it is remembered where they lie. */
const MOST_PLACES = 200_000
/** Depths of which spans are measured; deeper ones are only counted. */
const MEASURED_DEPTH = 64

// What a byte is outside of strings.
const OPEN_OBJECT = 1
const OPEN_LIST = 2
const CLOSE = 3
const COMMA = 4
const QUOTE = 5
/** The first letter of NaN or Infinity, which Python writes; JSON has no capital letters. */
const WORD = 6
const KINDS = new Uint8Array(256)
for (const [text, kind] of [
  ['{', OPEN_OBJECT],
  ['[', OPEN_LIST],
  ['}]', CLOSE],
  [',', COMMA],
  ['"', QUOTE],
  ['NI', WORD],
] as const)
  for (const letter of text) KINDS[letter.charCodeAt(0)] = kind

const QUOTE_BYTE = 0x22
const BACKSLASH = 0x5c

export class JsonShape {
  /** Objects, lists and commas: as many values are made of it, or more. */
  values = 0
  /** Levels; 1 for a bare list of numbers. */
  deepest = 0
  /** Whether NaN or Infinity may stand outside of strings. */
  hasWords = false
  /** Bytes of the longest text, of the longest member of a list, and of the longest object that is not the answer or its envelope. */
  longest = 0

  private inText = false
  /** Starts and ends of the objects in {@link listDepth}'s list, by turns; `null`: there are too many, or several lists have some. */
  private places: number[] | null = []
  private listDepth = 0
  /** Counts the lists at a depth of 2 at most. */
  private lists = 0
  /** Which of them the places are of. */
  private placedList = 0
  private escaped = false
  private depth = 0
  /** Of the bytes so far. */
  private offset = 0
  private textAt = 0
  private readonly starts = new Float64Array(MEASURED_DEPTH + 1)
  /** OPEN_OBJECT or OPEN_LIST, by depth. */
  private readonly kinds = new Uint8Array(MEASURED_DEPTH + 1)

  /**
   * Where each entry lies, start and end by turns, when `entries` are what the only list of objects became: the answer itself, or a member of it.
   * `null`: that cannot be told from the bytes.
   * @param answer what the whole text became
   */
  placesOf(answer: unknown, entries: readonly unknown[]): readonly number[] | null {
    const places = this.listPlaces
    if (places?.length !== 2 * entries.length) return null
    return this.isTheList(answer, entries) && entries.every(isObject) ? places : null
  }

  /** Starts and ends by turns of the objects of the only list that has some; `null`: that cannot be told. */
  get listPlaces(): readonly number[] | null {
    return this.hasWords ? null : this.places
  }

  /** Whether `entries` are in `answer` where that list is in the text. */
  isTheList(answer: unknown, entries: readonly unknown[]): boolean {
    return this.listDepth === 1 ? entries === answer : isObject(answer) && Object.values(answer).includes(entries)
  }

  /** Goes on with the next bytes of the text. */
  add(bytes: Uint8Array): void {
    const end = bytes.length
    const words = wordsOf(bytes)
    let at = 0
    while (at < end) at = this.inText ? this.passText(bytes, words, at) : this.passValues(bytes, at)
    this.offset += end
  }

  /** Up to the end of the text, or of the bytes. */
  private passText(bytes: Uint8Array, words: Int32Array | null, from: number): number {
    const end = bytes.length
    let at = from
    if (this.escaped) {
      this.escaped = false
      at++
    }
    while (at < end) {
      if (words !== null && (at & 3) === 0) at = passWords(words, at >> 2) << 2
      if (at === end) break
      const byte = bytes[at++]
      if (byte === QUOTE_BYTE) {
        this.inText = false
        const span = this.offset + at - this.textAt
        if (span > this.longest) this.longest = span
        return at
      }
      if (byte === BACKSLASH) {
        if (at === end) this.escaped = true
        else at++
      }
    }
    return at
  }

  /** Up to the next text, or the end of the bytes. */
  private passValues(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let at = from
    let values = 0
    while (at < end) {
      const kind = KINDS[bytes[at++]!]!
      if (kind === 0) continue
      if (kind === COMMA) values++
      else if (kind === QUOTE) {
        this.inText = true
        this.textAt = this.offset + at - 1
        break
      } else if (kind === CLOSE) this.close(this.offset + at)
      else if (kind === WORD) this.hasWords = true
      else {
        values++
        this.open(kind, this.offset + at - 1)
      }
    }
    this.values += values
    return at
  }

  private open(kind: number, at: number): void {
    const depth = ++this.depth
    if (depth > this.deepest) this.deepest = depth
    if (depth > MEASURED_DEPTH) return
    this.starts[depth] = at
    this.kinds[depth] = kind
    if (kind === OPEN_LIST && depth <= 2) this.lists += 1
  }

  private close(end: number): void {
    const depth = this.depth--
    if (depth < 2 || depth > MEASURED_DEPTH) return
    const isMember = this.kinds[depth - 1] === OPEN_LIST || (depth > 2 && this.kinds[depth] === OPEN_OBJECT)
    const span = end - this.starts[depth]!
    if (isMember && span > this.longest) this.longest = span
    if (depth <= 3 && this.kinds[depth] === OPEN_OBJECT && this.kinds[depth - 1] === OPEN_LIST)
      this.place(depth - 1, end)
  }

  /** @param list the depth of the list that the object is in */
  private place(list: number, end: number): void {
    const { places } = this
    if (places === null) return
    if (places.length === 0) {
      this.listDepth = list
      this.placedList = this.lists
    }
    // A list within the list is none that entries come in.
    const isOther = this.placedList !== this.lists || (list === 2 && this.kinds[1] !== OPEN_OBJECT)
    if (isOther || places.length === 2 * MOST_PLACES) this.places = null
    else places.push(this.starts[list + 1]!, end)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Four bytes at a time, which takes a third off the whole; `null` where memory does not lend itself to it. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array | null {
  return byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, length >> 2) : null
}

/**
 * The first word from `from` on that holds a quote or a backslash, or the words' number.
 * @see https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord (read 2026-11)
 */
function passWords(words: Int32Array, from: number): number {
  let at = from
  for (; at < words.length; at++) {
    const quote = words[at]! ^ 0x22222222
    const backslash = words[at]! ^ 0x5c5c5c5c
    if ((((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080) break
  }
  return at
}
