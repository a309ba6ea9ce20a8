/**
 * FormTable: the compact spellings of names as numbers, searched with a bounded number of comparisons.
 *
 * A compact form is a name's slug without separators; what follows its last slash is a second one. The table holds numbers alone: a hundred thousand
 * texts would take longer to make than all searches, and stay in memory. The text is made again for the few forms that are compared.
 */
import leven from 'leven'
import type { ResolvableModel } from './resolvable-model.js'
import { slugOf } from './slug.js'

const SEPARATORS = /[-.:/@]+/g
const SLASH = 0x2f
const BEYOND_ASCII = /[^\0-\x7f]/
const LONGEST_FORM = 203
const BEGINNING = 4
const BEGINNINGS = 1 << 16
// How much one search does at most, however alike the names of a catalogue are.
const MOST_COMPARED = 64
const MOST_EDIT_STEPS = 60_000
const MOST_LOOKED_AT = 2000

export interface NearForm {
  of: ResolvableModel
  /** Edits; or, when one begins with the other, how much longer it is, beyond any slip of the finger. */
  distance: number
}

/** The whole name, and what is behind its last slash; none is empty. */
export function compactForms(slug: string): string[] {
  const slash = slug.lastIndexOf('/')
  const forms = slash === -1 ? [slug] : [slug, slug.slice(slash + 1)]
  return forms.map((form) => form.replace(SEPARATORS, '')).filter((form) => form !== '')
}

export class FormTable {
  private count = 0
  /** Twice the model's index, and one more for the form behind the slash; like the next three in the order of length once sorted. */
  private owners: Int32Array
  /** Which letters are in it, to rule most forms out within a nanosecond. */
  private letters: Int32Array
  private beginnings: Int32Array
  private lengths: Int32Array
  /** By length: the index of its first form. */
  private readonly starts = new Int32Array(LONGEST_FORM + 2)
  /** Indexes of forms by their beginning, then by length. */
  private byBeginning: Int32Array = new Int32Array(0)
  private readonly firsts = new Int32Array(BEGINNINGS + 1)
  /** A hash table of names, so that what many providers offer is there once; dropped once sorted. */
  private names: Int32Array

  /** @param models how many will be added at most */
  constructor(models: number) {
    this.owners = new Int32Array(2 * models)
    this.letters = new Int32Array(2 * models)
    this.beginnings = new Int32Array(2 * models)
    this.lengths = new Int32Array(2 * models)
    this.names = new Int32Array(1 << (32 - Math.clz32(2 * models)))
  }

  add(index: number, { name, mode, privateTo, restrictedTo = null }: ResolvableModel): void {
    // Most names are ASCII, and reading their letters is cheaper than making their slugs.
    const text = BEYOND_ASCII.test(name) ? slugOf(name) : name
    const seed = mode === null ? 0 : mode.length + mode.charCodeAt(0)
    const hash = this.readForm(this.count, text, 0, seed)
    // A private model stands in for nobody else's.
    if (this.lengths[this.count] === 0 || (privateTo === null && restrictedTo === null && !this.isNew(hash))) return
    this.owners[this.count++] = 2 * index
    const slash = text.lastIndexOf('/')
    if (slash === -1) return
    this.readForm(this.count, text, slash + 1, seed)
    if (this.lengths[this.count] !== 0) this.owners[this.count++] = 2 * index + 1
  }

  /** After the last one was added; in steps. */
  *sort(): Generator<void, void, void> {
    this.names = new Int32Array(0)
    const byLength = countingSort(this.lengths.subarray(0, this.count), this.starts)
    yield
    this.owners = reorder(this.owners, byLength)
    yield
    this.letters = reorder(this.letters, byLength)
    yield
    this.lengths = reorder(this.lengths, byLength)
    yield
    this.beginnings = reorder(this.beginnings, byLength)
    yield
    this.byBeginning = countingSort(this.beginnings, this.firsts)
  }

  /**
   * @param wanted a compact form
   * @param models those that were added, by their index
   * @returns in no order; a model may be there twice
   */
  near(
    wanted: string,
    models: readonly ResolvableModel[],
    accepts: (model: ResolvableModel) => boolean,
  ): readonly NearForm[] {
    const search = { wanted, models, accepts, most: mostEdits(wanted.length), found: [] as NearForm[] }
    if (wanted.length > LONGEST_FORM) return search.found
    this.findSlips(search)
    if (wanted.length >= BEGINNING) this.findBeginnings(search)
    return search.found
  }

  private isNew(name: number): boolean {
    // 0 marks a free place.
    const value = name === 0 ? 1 : name
    const mask = this.names.length - 1
    for (let place = value & mask; ; place = (place + 1) & mask) {
      if (this.names[place] === value) return false
      if (this.names[place] !== 0) continue
      this.names[place] = value
      return true
    }
  }

  /** Reads a form into this place; its length is 0 when there is none. @returns a hash of the text without case */
  private readForm(place: number, text: string, from: number, seed: number): number {
    let length = 0
    let letters = 0
    let beginning = 0
    let hash = seed
    for (let at = from; at < text.length; at += 1) {
      let code = text.charCodeAt(at)
      if (code >= 0x41 && code <= 0x5a) code += 32
      if (isSeparator(code)) {
        // Names that differ in nothing but other separators are one.
        if (code === SLASH) hash = Math.imul(hash ^ code, 0x01000193)
        continue
      }
      hash = Math.imul(hash ^ code, 0x01000193)
      if (length < BEGINNING) beginning = Math.imul(beginning ^ code, 0x9e3779b1)
      letters |= 1 << (code & 31)
      length += 1
    }
    this.letters[place] = letters
    this.beginnings[place] = beginning >>> 16
    this.lengths[place] = length > LONGEST_FORM ? 0 : length
    return hash
  }

  /** Slips of the finger. */
  private findSlips({ wanted, models, accepts, most, found }: Search): void {
    const letters = lettersIn(wanted)
    const first = this.starts[Math.max(0, wanted.length - most)]!
    const end = this.starts[Math.min(LONGEST_FORM, wanted.length + most) + 1]!
    // By how many letters differ: an edit changes at most two of the set.
    const alike: number[][] = Array.from({ length: 2 * most + 1 }, () => [])
    let limit = 2 * most
    let within = 0
    for (let form = first; form < end; form += 1) {
      const differing = countBits(letters ^ this.letters[form]!)
      if (differing > limit || !accepts(this.modelOf(form, models))) continue
      alike[differing]!.push(form)
      within += 1
      // Those that differ most will not be compared any more.
      for (; limit >= 0 && within - alike[limit]!.length >= MOST_COMPARED; limit -= 1) within -= alike[limit]!.length
      if (limit === 0 && within >= MOST_COMPARED) break
    }
    let left = MOST_EDIT_STEPS
    for (const form of alike.flat().slice(0, MOST_COMPARED)) {
      const distance = leven(wanted, this.textOf(form, models), { maxDistance: most + 1 })
      if (distance <= most) found.push({ of: this.modelOf(form, models), distance })
      left -= wanted.length * wanted.length
      if (left < 0) return
    }
  }

  /** Forms that begin with this one, or that this one begins with; the nearest in length first. */
  private findBeginnings({ wanted, models, accepts, most, found }: Search): void {
    const beginning = beginningOf(wanted)
    const letters = lettersIn(wanted)
    const [first, end] = [this.firsts[beginning]!, this.firsts[beginning + 1]!]
    let above = first
    for (let high = end; above < high;) {
      const middle = (above + high) >>> 1
      if (this.lengths[this.byBeginning[middle]!]! < wanted.length) above = middle + 1
      else high = middle
    }
    let below = above - 1
    let compared = 0
    for (let looked = 0; looked < MOST_LOOKED_AT && compared < MOST_COMPARED; looked += 1) {
      const longer = above < end ? this.lengths[this.byBeginning[above]!]! - wanted.length : Infinity
      const shorter = below >= first ? wanted.length - this.lengths[this.byBeginning[below]!]! : Infinity
      if (longer === Infinity && shorter === Infinity) return
      const isLonger = longer <= shorter
      const form = this.byBeginning[isLonger ? above++ : below--]!
      const missing = isLonger ? letters & ~this.letters[form]! : this.letters[form]! & ~letters
      if (missing !== 0 || Math.min(longer, shorter) === 0 || !accepts(this.modelOf(form, models))) continue
      compared += 1
      const text = this.textOf(form, models)
      if (text.length < BEGINNING || !(isLonger ? text.startsWith(wanted) : wanted.startsWith(text))) continue
      found.push({ of: this.modelOf(form, models), distance: most + Math.min(longer, shorter) })
    }
  }

  private modelOf(form: number, models: readonly ResolvableModel[]): ResolvableModel {
    return models[this.owners[form]! >> 1]!
  }

  private textOf(form: number, models: readonly ResolvableModel[]): string {
    const slug = slugOf(this.modelOf(form, models).name)
    const behind = (this.owners[form]! & 1) === 1
    return (behind ? slug.slice(slug.lastIndexOf('/') + 1) : slug).replace(SEPARATORS, '')
  }
}

/**
 * Indexes by their key, in their order where it is the same.
 * @param starts receives for each key where its indexes begin, and one more
 */
function countingSort(keys: Int32Array, starts: Int32Array): Int32Array {
  for (const key of keys) starts[key + 1]! += 1
  for (let key = 1; key < starts.length; key += 1) starts[key]! += starts[key - 1]!
  const next = starts.slice()
  const sorted = new Int32Array(keys.length)
  for (let index = 0; index < keys.length; index += 1) sorted[next[keys[index]!]!++] = index
  return sorted
}

function reorder(numbers: Int32Array, order: Int32Array): Int32Array {
  return order.map((from) => numbers[from]!)
}

interface Search {
  wanted: string
  models: readonly ResolvableModel[]
  accepts: (model: ResolvableModel) => boolean
  most: number
  found: NearForm[]
}

/** Slips of the finger in a form of so many letters: two letters that changed places are two edits. */
function mostEdits(length: number): number {
  if (length < 5) return 1
  return length < 12 ? 2 : 3
}

/** What a slug makes a `-`, and {@link SEPARATORS}. */
function isSeparator(code: number): boolean {
  return (code <= SLASH && (code >= 0x2d || code <= 0x20)) || code === 0x3a || code === 0x40 || code === 0x5f
}

function lettersIn(form: string): number {
  let letters = 0
  for (let index = 0; index < form.length; index += 1) letters |= 1 << (form.charCodeAt(index) & 31)
  return letters
}

function beginningOf(form: string): number {
  let beginning = 0
  for (let index = 0; index < BEGINNING; index += 1)
    beginning = Math.imul(beginning ^ form.charCodeAt(index), 0x9e3779b1)
  return beginning >>> 16
}

/** How many bits of 32 are set. */
function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
