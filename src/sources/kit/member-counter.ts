/** MemberCounter: how many entries of a listing have which members, those that the source names and those that nobody reads. */
import type { CountedMember, Look, MemberCounts } from '../../core/providers/drift.js'
import { isRecord, type Members } from './entry.js'
import { keepText } from './kept-text.js'
import { looksOf, moreTelling } from './member-looks.js'
import { selectionOf, type Selection } from './member-selection.js'
import type { MemberList } from './members.js'

/** Where a name would tell too much, or too many names stand beside each other: ids, keys of a map. */
const ANY = '*'
/** Members nobody reads, at one place; where there are more they are keys of a map. */
const MOST_UNREAD = 40
/** Members of a family (`supports_*`), likewise. */
const MOST_OF_FAMILIES = 400
/** Levels; what lies deeper counts as one. */
const DEEPEST = 6
/** Of a list; its members are alike. */
const MOST_LOOKED_AT = 50
/** Values of a member until it is clear what it looks like. */
const MOST_CLASSIFIED = 20
/** A word of a programmer; ids and keys have more digits, or are longer. */
const NAME = /^(?=.{1,60}$)(?!(?:.*\d){7})[A-Za-z_$][\w$:/-]*$/
/** What has no word in it. */
const RANDOM = /^(?=.*\d)(?:[a-f\d-]{12,}|(?=.*[a-z])(?=.*[A-Z])[A-Za-z\d]{20,})$/

/** What an operator calls the like of it is nobody's business, and no fact of a model. */
const PRIVATE =
  /secret|passw|credential|internal|private|authoriz|bearer|api[_-]?key|(?:access|auth|billing|session|bot)[_-]?token/i

export class MemberCounter {
  private readonly root: Member
  private entries = 0

  /**
   * @param list of the listing
   * @param ours a member that is not upstream's
   */
  constructor(
    list: MemberList,
    private readonly ours?: string,
  ) {
    this.root = new Member('', 0, selectionOf(list.keep), selectionOf(list.leave ?? ''), list.known)
  }

  /** Takes one entry. Throws nothing. */
  add(entry: unknown): void {
    this.entries += 1
    if (isRecord(entry)) this.walk(entry, this.root)
  }

  /** @param listing its path */
  counts(listing: string): MemberCounts {
    const named: CountedMember[] = []
    const unread: CountedMember[] = []
    for (const { path, looksLike, entries, isNamed } of this.root.below()) {
      if (path === this.ours || path.startsWith(`${this.ours}.`)) continue
      if (isNamed) named.push({ path, looksLike: looksLike ?? 'text', entries })
      else if (looksLike !== null) unread.push({ path, looksLike, entries })
    }
    return { listing, entries: this.entries, named, unread }
  }

  private walk(object: Members, at: Member): void {
    for (const name in object) {
      const value = object[name]
      if (value !== null && value !== undefined && value !== '') this.look(value, at.member(name))
    }
  }

  private look(value: unknown, member: Member): void {
    if (typeof value !== 'object' || member.isWhole) member.count(this.entries, value)
    else if (Array.isArray(value)) this.lookThrough(value, member)
    else this.walk(value as Members, member)
  }

  private lookThrough(list: readonly unknown[], member: Member): void {
    const most = Math.min(list.length, MOST_LOOKED_AT)
    let plain: unknown = null
    for (let at = 0; at < most; at++) {
      const value = list[at]
      if (typeof value !== 'object') plain = value
      else if (value !== null) this.look(value, member)
    }
    if (plain !== null || most === 0) member.count(this.entries, plain)
  }
}

/** One place in an entry. */
class Member {
  /** That have a value here which is no object. */
  entries = 0
  looksLike: Look | null = null
  /** Nothing in it is looked at: it is left aside as a whole, or too deep. */
  readonly isWhole: boolean
  /** A value here is known. */
  readonly isNamed: boolean
  /** What is in it is left aside but for the members that are named. */
  private readonly isLeft: boolean
  private lastEntry = 0
  private readonly members = new Map<string, Member>()
  private unread = 0
  private ofFamilies = 0

  constructor(
    readonly path: string,
    private readonly depth: number,
    private readonly kept: Selection | undefined,
    private readonly left: Selection | undefined,
    /** Names of families. */
    private readonly known: RegExp | undefined,
    family = false,
  ) {
    this.isLeft = left?.isValue === true
    this.isNamed = this.isLeft || kept?.isValue === true || family
    this.isWhole = (this.isLeft && kept?.isObject !== true && left?.isObject !== true) || depth >= DEEPEST
  }

  member(name: string): Member {
    return this.members.get(name) ?? this.add(name)
  }

  count(entry: number, value: unknown): void {
    if (this.lastEntry !== entry) {
      this.lastEntry = entry
      this.entries += 1
    }
    if (this.entries <= MOST_CLASSIFIED && value !== null)
      this.looksLike = moreTelling(this.looksLike, looksOf(this.path, value))
  }

  /** All that were found, and those named ones that were not. */
  *below(): Generator<Member> {
    for (const name of [...(this.kept?.members.keys() ?? []), ...(this.left?.members.keys() ?? [])]) this.member(name)
    for (const member of new Set(this.members.values())) {
      yield member
      if (!member.isWhole) yield* member.below()
    }
  }

  private add(name: string): Member {
    const kept = this.kept?.members.get(name)
    const left = this.left?.members.get(name)
    if (kept !== undefined || left !== undefined) return this.put(name, kept, left)
    if (this.isOfFamily(name)) {
      this.ofFamilies += 1
      return this.ofFamilies < MOST_OF_FAMILIES && shownName(name) !== ANY
        ? this.put(name, undefined, undefined, true)
        : NOWHERE
    }
    if (this.isLeft) return NOWHERE
    const shown = this.unread < MOST_UNREAD ? shownName(name) : ANY
    const known = this.members.get(shown)
    if (known !== undefined) return known
    this.unread += 1
    const isNamed = this.depth === 0 || this.kept?.isObject === true || this.left?.isObject === true
    const isMap = !isNamed && this.unread === MOST_UNREAD
    if (isMap) this.members.clear()
    return this.put(isMap ? ANY : shown)
  }

  private put(name: string, kept?: Selection, left?: Selection, family = false): Member {
    const path = this.path === '' ? name : `${this.path}.${name}`
    const member = new Member(path, this.depth + 1, kept, left, this.known, family)
    this.members.set(name, member)
    return member
  }

  private isOfFamily(name: string): boolean {
    if (this.kept?.families.has(name) !== true && this.left?.families.has(name) !== true) return false
    return this.known === undefined || (name.length <= 100 && this.known.test(name))
  }
}

/** Counts what is counted no more. */
const NOWHERE = new Member('', DEEPEST, undefined, undefined, undefined)

function shownName(name: string): string {
  return NAME.test(name) && !RANDOM.test(name) && !PRIVATE.test(name) && keepText(name) === name ? name : ANY
}
