/** readBookProviders: a downloaded price book, checked as far as the index reads it. */
import { isRecord } from '../../core/input/is-record.js'
import type { BookProvider } from './price-book-index.js'

/** Real books have some hundred, each with a dozen texts: a list is indexed in one go, and an id held against all texts of a model. */
const MOST_MODELS = 5_000
const MOST_TEXTS = 1_000
/** Characters of all texts of a model. */
const MOST_TEXT = 64 * 1024

const MATCHES = ['equals', 'starts_with', 'ends_with', 'contains', 'regex']

/**
 * @param data parsed JSON
 * @returns the providers by their ids
 * @throws Error that names the first entry that is none: such a book is refused whole, since what follows may be of another format too
 */
export function readBookProviders(data: unknown): ReadonlyMap<string, BookProvider> {
  if (!Array.isArray(data) || data.length === 0) throw new Error('the answer is no list of providers')
  return new Map(data.map((entry: unknown, place) => [checkProvider(entry, place).id, entry as BookProvider]))
}

function checkProvider(entry: unknown, place: number): { id: string } {
  if (!isRecord(entry) || typeof entry.id !== 'string' || !Array.isArray(entry.models))
    throw new Error(`entry ${place} is no provider: it has no id or no list of models`)
  if (entry.models.length > MOST_MODELS)
    throw new Error(
      `${entry.id} has ${entry.models.length} models, and a price book may have ${MOST_MODELS} of one provider`,
    )
  for (const [at, model] of entry.models.entries())
    if (!isModel(model))
      throw new Error(`model ${at} of ${entry.id} has a match, prices or context_window that cannot be read`)
  return { id: entry.id }
}

function isModel(model: unknown): boolean {
  if (!isRecord(model) || !isMatch(model.match)) return false
  const texts = textsIn(model.match)
  if (texts.length > MOST_TEXTS || texts.reduce((sum, { length }) => sum + length, 0) > MOST_TEXT) return false
  const { prices, context_window: tokens = null } = model
  const dated = Array.isArray(prices) ? prices : [{ prices }]
  return (tokens === null || Number.isSafeInteger(tokens)) && dated.every(isDated)
}

function isDated(dated: unknown): boolean {
  if (!isRecord(dated) || !isRecord(dated.prices)) return false
  const { constraint } = dated
  const holdsFrom = isRecord(constraint) && (typeof constraint.start_date === 'string' || 'start_time' in constraint)
  return (constraint === undefined || holdsFrom) && Object.values(dated.prices).every(isPrice)
}

function isPrice(price: unknown): boolean {
  return typeof price === 'number' || (isRecord(price) && typeof price.base === 'number')
}

/** All that a match compares ids with. */
function textsIn(match: unknown): string[] {
  if (typeof match === 'string') return [match]
  return Object.values(match as object).flatMap(textsIn)
}

function isMatch(match: unknown): boolean {
  if (!isRecord(match)) return false
  const [[kind, value] = ['', null], ...others] = Object.entries(match)
  if (others.length > 0) return false
  return kind === 'or' || kind === 'and'
    ? Array.isArray(value) && value.every(isMatch)
    : MATCHES.includes(kind) && typeof value === 'string'
}
