/** Selections: the names of members at each depth, read from a text such as `id pricing{prompt completion} supports_*`. */
import { memoize } from '../../core/input/memoize.js'

/** One level, or one member of it. */
export interface Selection {
  readonly members: ReadonlyMap<string, Selection>
  /** The names with `*` of this level. */
  readonly families: Families
  /** Its own members are named. */
  readonly isObject: boolean
  /** It is named without members: its value itself is meant. Both, where it is named twice: `tags tags{name}`. */
  readonly isValue: boolean
}

const NAMES = /([^\s{}]+)(\{)?|\}/g

/** @throws Error for braces that do not match, which is a mistake in a source */
export const selectionOf = memoize(Infinity, readSelection)

function readSelection(text: string): Selection {
  const root = new Level()
  const open = [root]
  for (const [, name, brace] of text.matchAll(NAMES)) {
    const level = open.at(-1)
    if (level === undefined) break
    if (name === undefined) open.pop()
    else {
      const member = level.add(name)
      if (brace === undefined) member.isValue = true
      else {
        member.isObject = true
        open.push(member)
      }
    }
  }
  if (open.length !== 1) throw new Error(`the braces of the selection ${JSON.stringify(text)} do not match`)
  return root
}

class Level implements Selection {
  readonly members = new Map<string, Level>()
  readonly families = new Families()
  isObject = false
  isValue = false

  add(name: string): Level {
    const member = this.members.get(name) ?? new Level()
    if (name.includes('*')) this.families.add(name)
    else this.members.set(name, member)
    return member
  }
}

// Nearly all entries of an answer have the same members. The bound is for answers that invent more.
const MOST_KNOWN = 1_000
const LONGEST_NAME = 100

/** Names of letters, digits and `_`, with `*` for any of these. */
class Families {
  private readonly patterns: RegExp[] = []
  private readonly matches = memoize(MOST_KNOWN, (name) => this.patterns.some((pattern) => pattern.test(name)))

  add(name: string): void {
    this.patterns.push(new RegExp(`^${name.replaceAll('*', '\\w*')}$`))
  }

  has(name: string): boolean {
    return this.patterns.length > 0 && name.length <= LONGEST_NAME && this.matches(name)
  }
}
