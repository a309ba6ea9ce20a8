/** matchesExpression: the price book's regular expressions in linear time, since the book is downloaded and ids are anybody's. */
import { LRUCache } from 'lru-cache'
import { RE2JS } from 're2js'

type Test = (id: string) => boolean

// The one lookahead that the book uses, which RE2 has not: what an id must not begin with.
const BEGINS_WITHOUT = /^\^\(\?!((?:[^()]|\([^()]*\))*)\)(.*)$/s
// The book has a few dozen; those of a book that was replaced need no place.
const MOST_KEPT = 500
const compiled = new LRUCache<string, Test>({ max: MOST_KEPT, memoMethod: compile })

/** False for an expression that cannot be read: the book then says nothing of the id. Throws nothing. */
export function matchesExpression(expression: string, id: string): boolean {
  return compiled.memo(expression)(id)
}

function compile(expression: string): Test {
  try {
    const [, without, rest] = BEGINS_WITHOUT.exec(expression) ?? []
    if (without === undefined || rest === undefined) return found(expression)
    const [unwanted, wanted] = [found(`^(?:${without})`), found(`^(?:${rest})`)]
    return (id) => !unwanted(id) && wanted(id)
  } catch {
    return () => false
  }
}

function found(expression: string): Test {
  const pattern = RE2JS.compile(expression)
  return (id) => pattern.matcher(id).find()
}
