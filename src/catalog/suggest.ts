/** Suggester: names that may have been meant by one that nobody has. */
import leven from 'leven'
import { slugOf } from './slug.js'

// What gateways and routers append to a model's name to say how to serve it.
const JUNK =
  /[:@-](?:web|online|search|free|paid|nitro|floor|exacto|extended|beta|preview|latest|turbo|fast|tee|thinking|instruct|chat|fp8|fp16|bf16|int4|int8|awq|gguf)$/
const SEPARATORS = /[-.:/@]+/g
// A longer text is no slip of the finger.
const LONGEST_NAME = 200
const SHORTEST_BEGINNING = 4
const REMEMBERED = 500

export interface Suggestion<T> {
  /** Where the name was found. */
  of: T
  name: string
  /** Its numbers are other ones than those of the name that was asked for: another version, another size. */
  otherVersion: boolean
}

interface Candidate<T> {
  of: T
  name: string
  numbers: string
  /** Compact spellings: of the whole name, and of what is behind its last slash. */
  forms: readonly string[]
}

/** Pure as seen from outside: what it finds is remembered. */
export class Suggester<T extends { readonly name: string }> {
  private readonly candidates: Candidate<T>[] = []
  /** Of each form: its candidate, its length, and which letters are in it, to rule most of them out in a few nanoseconds. */
  private readonly owners: number[] = []
  private readonly forms: string[] = []
  private readonly letters: number[] = []
  private readonly remembered = new Map<string, Suggestion<T>[]>()

  constructor(named: readonly T[]) {
    for (const of of named) this.add(of)
  }

  /** Nearest first, those of the same version before others. Throws nothing. */
  near(requested: string): readonly Suggestion<T>[] {
    if (requested.length > LONGEST_NAME) return []
    const known = this.remembered.get(requested)
    if (known !== undefined) return known
    const found = this.search(slugOf(requested))
    if (this.remembered.size >= REMEMBERED) this.remembered.clear()
    this.remembered.set(requested, found)
    return found
  }

  private add(of: T): void {
    const slug = slugOf(of.name)
    const forms = spellings(slug)
    const owner = this.candidates.push({ of, name: of.name, numbers: numbersIn(slug), forms }) - 1
    for (const form of forms) {
      this.owners.push(owner)
      this.forms.push(form)
      this.letters.push(lettersIn(form))
    }
  }

  private search(slug: string): Suggestion<T>[] {
    const distances = new Map<number, number>()
    let plain = slug
    for (let stripped = 0; ; stripped += 1) {
      // A name without its suffix is nearer than one with a slip of the finger.
      for (const form of spellings(plain)) this.measure(form, stripped / 10, distances)
      const shorter = plain.replace(JUNK, '')
      if (shorter === plain || shorter === '') break
      plain = shorter
    }
    const numbers = [numbersIn(slug), numbersIn(plain)]
    return [...distances]
      .flatMap(([owner, distance]) => {
        const candidate = this.candidates[owner]
        if (candidate === undefined) return []
        return [{ ...candidate, distance, otherVersion: !numbers.includes(candidate.numbers) }]
      })
      .sort(
        (a, b) =>
          Number(a.otherVersion) - Number(b.otherVersion) || a.distance - b.distance || (a.name < b.name ? -1 : 1),
      )
      .map(({ of, name, otherVersion }) => ({ of, name, otherVersion }))
  }

  private measure(wanted: string, penalty: number, distances: Map<number, number>): void {
    const most = mostEdits(wanted.length)
    const letters = lettersIn(wanted)
    for (let index = 0; index < this.forms.length; index += 1) {
      const form = this.forms[index] ?? ''
      const distance = this.distance(wanted, form, letters ^ (this.letters[index] ?? 0), most)
      if (distance === null) continue
      const owner = this.owners[index] ?? 0
      const known = distances.get(owner)
      if (known === undefined || distance + penalty < known) distances.set(owner, distance + penalty)
    }
  }

  /** Edits, or how much one is longer when it begins with the other; `null`: too far. */
  private distance(wanted: string, form: string, differing: number, most: number): number | null {
    // An edit changes at most two letters of the set.
    if (Math.abs(wanted.length - form.length) <= most && countBits(differing) <= 2 * most) {
      const edits = leven(wanted, form, { maxDistance: most + 1 })
      if (edits <= most) return edits
    }
    const [short, long] = wanted.length < form.length ? [wanted, form] : [form, wanted]
    return short.length >= SHORTEST_BEGINNING && long.startsWith(short) ? most + long.length - short.length : null
  }
}

/** Slips of the finger in a name of so many letters: two letters that changed places are two edits. */
function mostEdits(length: number): number {
  if (length < 5) return 1
  return length < 12 ? 2 : 3
}

function spellings(slug: string): string[] {
  const whole = slug.replace(SEPARATORS, '')
  const slash = slug.lastIndexOf('/')
  const behind = slash === -1 ? '' : slug.slice(slash + 1).replace(SEPARATORS, '')
  return behind === '' ? [whole] : [whole, behind]
}

/** `4.5` and `4-5` are the same version. */
function numbersIn(slug: string): string {
  return (slug.match(/\d+/g) ?? []).join(' ')
}

function lettersIn(form: string): number {
  let letters = 0
  for (let index = 0; index < form.length; index += 1) letters |= 1 << (form.charCodeAt(index) & 31)
  return letters
}

/** How many bits of 32 are set. */
function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
