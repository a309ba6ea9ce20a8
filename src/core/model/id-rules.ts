/** Include and exclude rules: which of a provider's models are wanted. Pure. */
import { RE2JS } from 're2js'
import { mayBeSecret, shownText } from '../input/shown-option.js'

/** Lists of patterns: an exact id, a glob (`openai/*`, `*:free`; `*` is any text, slashes too, `?` one character) or `/regular expression/` with `i` for any case. */
export interface RuleLists {
  /** Unset or empty: everything. */
  include?: readonly string[]
  /** Wins over `include`. */
  exclude?: readonly string[]
}

/** Whether a provider's id of a model is left out. */
export type Excludes = (providerModelId: string) => boolean

// A pattern is written by a person; what is longer is a mistake.
const MOST_CHARACTERS = 500
/** Of one list. An id of a KiB takes a tenth of a millisecond for each glob or expression, and a lookup for all exact ids together. */
const MOST_PATTERNS = 100
const MOST_EXACT = 100_000

/**
 * Regular expressions run in linear time, since a pattern is applied to ids that strangers choose.
 * @throws Error that names the pattern which cannot be read
 */
export function compileRules({ include = [], exclude = [] }: RuleLists): Excludes {
  const included = compileList(include)
  const excluded = compileList(exclude)
  return (id) => excluded(id) || (include.length > 0 && !included(id))
}

function compileList(list: readonly string[]): (id: string) => boolean {
  const wrong = list.find((pattern) => pattern === '' || pattern.length > MOST_CHARACTERS)
  if (wrong !== undefined) throw new Error(`a pattern has ${wrong.length} characters, expected 1 to ${MOST_CHARACTERS}`)
  const isPattern = (pattern: string): boolean => EXPRESSION.test(pattern) || /[*?]/.test(pattern)
  const exact = new Set(list.filter((pattern) => !isPattern(pattern)))
  const patterns = [...new Set(list.filter(isPattern))]
  if (patterns.length > MOST_PATTERNS)
    throw new Error(
      `a list has ${patterns.length} globs and regular expressions, at most ${MOST_PATTERNS} are taken; one expression may stand for several: /^(a|b)\\//`,
    )
  if (exact.size > MOST_EXACT) throw new Error(`a list has ${exact.size} ids, at most ${MOST_EXACT} are taken`)
  const compiled = patterns.map(compilePattern)
  return (id) => exact.has(id) || compiled.some((matches) => matches(id))
}

const EXPRESSION = /^\/(.+)\/(i?)$/s

function compilePattern(pattern: string): (id: string) => boolean {
  const expression = EXPRESSION.exec(pattern)
  const source = expression?.[1] ?? `^${[...pattern].map(globToExpression).join('')}$`
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL | (expression?.[2] === 'i' ? RE2JS.CASE_INSENSITIVE : 0))
    return (id) => compiled.matcher(id).find()
  } catch (error) {
    // Its own words repeat the pattern.
    const [shown, reason] = mayBeSecret(pattern)
      ? [shownText(pattern), 'expected a regular expression of RE2']
      : [JSON.stringify(pattern), (error as Error).message]
    throw new Error(`the pattern ${shown} cannot be read: ${reason}`, { cause: error })
  }
}

function globToExpression(character: string): string {
  if (character === '*') return '.*'
  return character === '?' ? '.' : RE2JS.quote(character)
}
