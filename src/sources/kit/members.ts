/** Member lists: which members of a raw entry may be kept and shown, by name at each depth, so that a new one never is by accident. */
import { toDecimal } from '../../core/model/price.js'
import { isRecord, type Members } from './entry.js'
import { selectionOf, type Selection } from './member-selection.js'
import { keepText, keepWord } from './kept-text.js'

/**
 * What a source knows of its entries' members, as selections: `id name pricing{prompt completion}`. Lists are looked through, so that
 * `tiers{min max}` selects in an object and in a list of objects alike. A name with `*` stands for a family (`supports_*`), of which only
 * numbers, flags and decimals are kept, since nobody has seen all of its members.
 */
export interface MemberList {
  /** Kept and shown: texts, numbers and flags, or lists of them; of an object only the members that are named in it. */
  readonly keep: string
  /**
   * Known and left aside: read and not shown, volatile, of no use to a reader, or nobody's business. An object that is named without its members is
   * left aside with all that is in it; `meta meta{price}` leaves it aside but for the price, which is read.
   */
  readonly leave?: string
  /** Names of families (`*cost_per_*`) that are known; any other is kept all the same, and counts as unread. Default: all. */
  readonly known?: RegExp
  /** By path (`model_info.id`): texts, alone or in a list, that are kept only where they match. */
  readonly texts?: Readonly<Record<string, RegExp>>
}

type Texts = NonNullable<MemberList['texts']>

/**
 * A copy of the entry with the members that `list` keeps. Members without a value are dropped; they say nothing and are most of some answers.
 * Throws nothing.
 * @returns `null` when there is no list, when nothing is kept, or when the entry is no object
 */
export function keepMembers(list: MemberList | undefined, entry: unknown): Members | null {
  if (list === undefined || !isRecord(entry)) return null
  const kept = keepObject(entry, selectionOf(list.keep), list.texts ?? {}, '')
  return Object.keys(kept).length === 0 ? null : kept
}

function keepObject(object: Members, { members, families }: Selection, texts: Texts, at: string): Members {
  const kept: Record<string, unknown> = {}
  for (const name in object) {
    const value = object[name]
    if (value === null || value === undefined) continue
    const selection = members.get(name)
    if (selection === undefined) {
      if (isPlain(value) && families.has(name)) kept[name] = value
      continue
    }
    const chosen = keepValue(value, selection, texts, `${at}${name}`)
    if (chosen !== undefined) kept[name] = chosen
  }
  return kept
}

function keepValue(value: unknown, selection: Selection, texts: Texts, path: string): unknown {
  if (Array.isArray(value)) return (value as unknown[]).flatMap((member) => keepMember(member, selection, texts, path))
  if (isRecord(value)) return selection.isObject ? keepObject(value, selection, texts, `${path}.`) : undefined
  if (!selection.isValue) return undefined
  return typeof value === 'string' ? matching(keepText(value), texts[path]) : value
}

/** What is kept of one member of a list, if anything. */
function keepMember(member: unknown, selection: Selection, texts: Texts, path: string): unknown[] {
  // No selection names the members of a list of lists.
  if (Array.isArray(member)) return []
  const isWord = typeof member === 'string' && selection.isValue
  const kept = isWord ? matching(keepWord(member), texts[path]) : keepValue(member, selection, texts, path)
  return kept === undefined ? [] : [kept]
}

function matching(text: string | null, pattern: RegExp | undefined): string | undefined {
  return text === null || pattern?.test(text) === false ? undefined : text
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' ? toDecimal(value) !== null : typeof value !== 'object'
}
