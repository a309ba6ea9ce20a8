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

/**
 * Regular expressions run in linear time, since a pattern is applied to ids that strangers choose.
 * @throws Error that names the pattern which cannot be read
 */
export function compileRules({ include = [], exclude = [] }: RuleLists): Excludes {
  const included = include.map(compilePattern)
  const excluded = exclude.map(compilePattern)
  return (id) =>
    excluded.some((matches) => matches(id)) || (included.length > 0 && !included.some((matches) => matches(id)))
}

function compilePattern(pattern: string): (id: string) => boolean {
  if (pattern === '' || pattern.length > MOST_CHARACTERS) {
    throw new Error(`a pattern has ${pattern.length} characters, expected 1 to ${MOST_CHARACTERS}`)
  }
  const expression = /^\/(.+)\/(i?)$/s.exec(pattern)
  if (expression === null && !/[*?]/.test(pattern)) return (id) => id === pattern
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
