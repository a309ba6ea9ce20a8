/**
 * Lists of words in an entry: capabilities, modalities, aliases. A list in another shape is read where it can mean one thing only; what cannot be
 * read is handed on as it is, so that cleaning leaves it out with a warning. Nothing here throws.
 */
import type { Capability, Mode } from '../../core/model/model.js'
import type { Capabilities } from '../../core/model/model-fields.js'
import { flagOf, isRecord, isUnsaid } from './entry.js'

interface Words {
  said: string[]
  /** The words that an object of flags denies: `{web_search: false}`. */
  denied: string[]
  /** What is neither a word nor anything that holds words. */
  odd: unknown[]
}

// Deeper lists have not been seen anywhere, and an answer may nest a million.
const DEEPEST = 3

/** Reads a list of words, a text with commas, the JSON text of a list, an object of flags, `{name}` members, and lists of these. */
function readWords(value: unknown, depth = 0): Words {
  if (isUnsaid(value)) return { said: [], denied: [], odd: depth === 0 ? [] : [value] }
  if (typeof value === 'string') return depth === 0 ? readText(value) : { said: [value.trim()], denied: [], odd: [] }
  const parts = depth > DEEPEST ? null : Array.isArray(value) ? readList(value, depth) : readObject(value)
  return parts ?? { said: [], denied: [], odd: [value] }
}

function readList(list: readonly unknown[], depth: number): Words {
  const members = list.map((member) => readWords(member, depth + 1))
  return {
    said: members.flatMap(({ said }) => said),
    denied: members.flatMap(({ denied }) => denied),
    odd: members.flatMap(({ odd }) => odd),
  }
}

function readText(text: string): Words {
  if (/^\s*[[{]/.test(text)) {
    try {
      return readWords(JSON.parse(text), 1)
    } catch {
      return { said: [], denied: [], odd: [text] }
    }
  }
  const words = text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]))
  return { said: words, denied: [], odd: [] }
}

const NAMES = ['name', 'id', 'value'] as const

/** `{name: "tools"}`, `{tools: true, web: false}` or `{tools: {supported: true}}`; `null` for any other object. */
function readObject(value: unknown): Words | null {
  if (!isRecord(value)) return null
  const name = NAMES.map((member) => value[member]).find((text) => typeof text === 'string' && text.trim() !== '')
  if (typeof name === 'string') return { said: [name.trim()], denied: [], odd: [] }
  const words: Words = { said: [], denied: [], odd: [] }
  for (const [word, stated] of Object.entries(value)) {
    const flag: unknown = flagOf(isRecord(stated) ? stated['supported'] : stated)
    if (flag === true) words.said.push(word)
    else if (flag === false) words.denied.push(word)
    else if (flag !== null || isRecord(stated)) return null
  }
  return words
}

/** The words alone; whatever else stands between them is passed over. */
export function listOf(value: unknown): string[] {
  return readWords(value).said
}

/** {@link listOf} for a field, of which nothing is passed over. */
export function setOf(value: unknown): string[] {
  const { said, odd } = readWords(value)
  return odd.length === 1 && odd[0] === value ? (value as string[]) : [...said, ...(odd as string[])]
}

/** {@link setOf} of modalities, whose words upstreams write in either case: `TEXT`, `Image`. */
export function mediaOf(value: unknown): string[] {
  const set: unknown = setOf(value)
  if (!Array.isArray(set)) return set as string[]
  return (set as unknown[]).map((word) => (typeof word === 'string' ? word.toLowerCase() : word)) as string[]
}

/** {@link listOf} of modalities. @see mediaOf */
export function listMedia(value: unknown): string[] {
  return listOf(value).map((word) => word.toLowerCase())
}

/** The other names of a model, without its id. */
export function aliasesOf(value: unknown, id: string): string[] {
  const set: unknown = setOf(value)
  return (Array.isArray(set) ? set.filter((alias) => alias !== id) : set) as string[]
}

/** A mode's place for a list that should have told the mode and cannot be read, so that cleaning warns of it; else `null`. */
export function unreadMode(value: unknown): Mode | null {
  const [odd = null] = readWords(value).odd
  return odd as Mode | null
}

/**
 * The capabilities that a list of words tells (`tools`, `Reasoning`, `function-calling`): a word says yes, a flag what it says, a word that is
 * missing nothing. What cannot be read stands under `unread`.
 */
export function capabilitiesIn(value: unknown, meanings: Readonly<Record<string, Capability>>): Capabilities {
  const { said, denied, odd } = readWords(value)
  const known = new Map(Object.entries(meanings).map(([word, capability]) => [spelled(word), capability]))
  const found: Capabilities & { unread?: unknown } = {}
  for (const word of denied) set(known.get(spelled(word)), false)
  for (const word of said) set(known.get(spelled(word)), true)
  if (odd.length > 0) found.unread = odd[0]
  return found

  function set(capability: Capability | undefined, says: boolean): void {
    if (capability !== undefined) found[capability] = says || found[capability] === true
  }
}

/** A capability that upstream tells by listing anything at all: the efforts of a model that reasons. An empty list tells nothing. */
export function capabilityOfAny(value: unknown, capability: Capability): Capabilities {
  const { said, odd } = readWords(value)
  const found: Capabilities & { unread?: unknown } = said.length > 0 ? { [capability]: true } : {}
  if (odd.length > 0) found.unread = odd[0]
  return found
}

function spelled(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '_')
}
