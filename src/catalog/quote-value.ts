/** A raw value as a warning repeats it: enough to find it again, and nothing that could be a secret in the wrong member. */

// Long enough for a number with all its digits, too short to fill a log.
const QUOTED_LENGTH = 60
// A number, a date or a time with the signs and units that people write beside one.
const LIKE_A_NUMBER = /^[-+$€£~<>=\s]*\d[\d.,_\s:/TZ%kKmMbBgGeE+-]*$/
// Short words of letters alone: `soon`, `unlimited`. What upstreams name models, modes and units by; a secret has more to it.
const A_WORD = /^[A-Za-z]{0,12}$/

// A member of a vocabulary, as a mode or a type of model is.
const AN_IDENTIFIER = /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/

/** Where upstream states one of a known set of words, whose newer members are worth naming. @see quoteValue */
export function quoteWord(value: unknown): string {
  return typeof value === 'string' && AN_IDENTIFIER.test(value) ? JSON.stringify(value) : quoteValue(value)
}

/** @param value as upstream or a person gave it */
export function quoteValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  const isHarmless = value.length <= QUOTED_LENGTH && (A_WORD.test(value) || LIKE_A_NUMBER.test(value))
  return isHarmless ? JSON.stringify(value) : `a text of ${value.length} characters`
}
