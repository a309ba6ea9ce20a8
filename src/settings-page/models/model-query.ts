/** The models view's state in the address, and the query of the API that it stands for. */
import type { ModelsQuery } from '../../client/contract.js'
import { plainCount } from '../../client/typed-number.js'
import { plainPerMillion, pricePerToken } from '../parts/format.js'

/** Members of the address that narrow the list; prices are USD per 1M tokens, as people type them. */
export const FILTERS = [
  'search',
  'provider',
  'mode',
  'capability',
  'availability',
  'doubtful',
  'minContext',
  'maxContext',
  'minInput',
  'maxInput',
  'minOutput',
  'maxOutput',
] as const
export type FilterName = (typeof FILTERS)[number]

const API_NAMES: Partial<Record<FilterName, string>> = {
  minInput: 'minInputCost',
  maxInput: 'maxInputCost',
  minOutput: 'minOutputCost',
  maxOutput: 'maxOutputCost',
}

/** How many models a page of the list holds: the most that the API gives. The first holds fewer, so that it is there sooner. */
export const PAGE_SIZE = 500

/** What GET models is asked for; what a person typed that is no number is left out. */
export function apiQueryOf(place: URLSearchParams): ModelsQuery {
  const filters = FILTERS.flatMap((name): [string, string][] => {
    const value = apiValue(name, place.get(name) ?? '')
    return value === null ? [] : [[API_NAMES[name] ?? name, value]]
  })
  const sort = place.get('sort')
  return { limit: PAGE_SIZE, ...Object.fromEntries(filters), ...(sort === null ? {} : { sort }) }
}

/** Whether anything narrows the list; what a person typed that is no number does not. */
export function isFiltered(place: URLSearchParams): boolean {
  return FILTERS.some((name) => apiValue(name, place.get(name) ?? '') !== null)
}

/** What a person typed for a filter is of no use as it is. */
export function isUnreadable(name: FilterName, text: string): boolean {
  return text.trim() !== '' && apiValue(name, text) === null
}

/** `"128k"` → 128000, `"1M"` → 1000000, `"32768"` → 32768; `null`: no number of tokens, or one that may be read in two ways (`"128.000"`). */
export function readTokens(text: string): number | null {
  const tokens = plainCount(text)
  return tokens !== null && tokens < 2_147_483_647 ? tokens : null
}

function apiValue(name: FilterName, text: string): string | null {
  const value = text.trim()
  if (value === '') return null
  if (name.endsWith('Context')) return readTokens(value)?.toString() ?? null
  if (name in API_NAMES) {
    const price = pricePerToken(value)
    return price !== null && plainPerMillion(price).length <= 30 ? price : null
  }
  return value
}
