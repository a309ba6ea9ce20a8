/** The price book's data as an index: what it says of one provider's own offer, found by the id without a search. */
import { hash } from 'node:crypto'
import type { Facts } from '../../core/prices/fill-unknown.js'
import type { Offer } from '../../core/model/offer.js'
import { matchesExpression } from './match-expression.js'
import { toCostPerToken } from '../../core/model/price.js'

/** How the book tells which ids are a model's; several are alternatives. */
export type BookMatch =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }
  | { or: readonly BookMatch[] }
  | { and: readonly BookMatch[] }

/** USD per 1M tokens under `*_mtok`; with tiers, from so many tokens of input on. */
type BookPrices = Readonly<Record<string, number | { base: number } | undefined>>

interface DatedPrices {
  constraint?: { start_date: string } | { start_time: string }
  prices: BookPrices
}

export interface BookModel {
  id: string
  match: BookMatch
  /** Tokens. */
  context_window?: number | null
  /** The last that applies counts. */
  prices: BookPrices | readonly DatedPrices[]
}

export interface BookProvider {
  id: string
  models: readonly BookModel[]
  /** Providers in whose list stands what this one sells at the same price. */
  fallback_model_providers?: readonly string[]
}

export interface PriceBookIndex {
  /** `null`: the book does not know the offer for certain. Throws nothing. */
  lookup(offer: Offer): Facts | null
  /** Differs when a lookup may answer otherwise; the same in each process. Throws nothing. */
  version(): string
}

/** Our providers in the book; of the others it has no list. */
export const BOOK_PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure',
  bedrock: 'aws',
  cerebras: 'cerebras',
  cohere: 'cohere',
  deepseek: 'deepseek',
  fireworks: 'fireworks',
  gemini: 'google',
  'google-vertex': 'google',
  groq: 'groq',
  mistral: 'mistral',
  moonshot: 'moonshotai',
  novita: 'novita',
  openai: 'openai',
  openrouter: 'openrouter',
  together: 'together',
  xai: 'x-ai',
  zai: 'zai',
}

const PRICES = {
  inputCostPerToken: 'input_mtok',
  outputCostPerToken: 'output_mtok',
  cacheReadCostPerToken: 'cache_read_mtok',
  cacheWriteCostPerToken: 'cache_write_mtok',
} as const

// Told apart are the versions that one client has seen.
const VERSION_DIGITS = 12

/** What vendors put behind an id without meaning another model, as far as the book itself then still takes the id for it. */
const SUFFIXES = [/[-@](20\d{6}|20\d{2}-\d{2}-\d{2})$/, /-v\d+(:\d+)?$/, /:0$/, /-00\d$/]

interface BookEntry {
  match: BookMatch
  facts: Facts
}

/**
 * The book matches ids by their beginnings, so that `gpt-x` takes `gpt-x-anything`. We take its word only where nothing but a date or a version stands
 * behind what it looks for. Two models that claim the same text are none.
 * @param find the book's provider by the book's own id
 * @param today ISO date, UTC: prices hold from a day on
 */
export function indexPriceBook(find: (id: string) => BookProvider | undefined, today: string): PriceBookIndex {
  const lists = new Map<string, Map<string, BookEntry | null>>()
  let version: string | null = null
  const listOf = (id: string): Map<string, BookEntry | null> => {
    let list = lists.get(id)
    if (list === undefined) lists.set(id, (list = indexModels(find(id)?.models ?? [], today)))
    return list
  }
  return {
    lookup({ provider, id }) {
      if (!Object.hasOwn(BOOK_PROVIDERS, provider)) return null
      const name = BOOK_PROVIDERS[provider]!
      const spellings = spellingsOf(provider, id.toLowerCase())
      for (const list of [name, ...(find(name)?.fallback_model_providers ?? [])]) {
        const found = findIn(listOf(list), spellings)
        if (found !== undefined) return found
      }
      return null
    },
    // Of what was read for today, not of the data: most days bring no other price.
    version: () => (version ??= digestLists(find, listOf)),
  }
}

function digestLists(
  find: (id: string) => BookProvider | undefined,
  listOf: (id: string) => ReadonlyMap<string, BookEntry | null>,
): string {
  const names = new Set(Object.values(BOOK_PROVIDERS))
  const said = [...names].map((name) => {
    const others = find(name)?.fallback_model_providers ?? []
    return [name, others, ...[name, ...others].map((list) => [...listOf(list)])]
  })
  return hash('sha256', JSON.stringify(said), 'hex').slice(0, VERSION_DIGITS)
}

/** `undefined`: the list does not know it; `null`: it is ambiguous. */
function findIn(list: ReadonlyMap<string, BookEntry | null>, spellings: readonly string[]): Facts | null | undefined {
  const [id = '', ...shortened] = spellings
  const exact = list.get(id)
  if (exact !== undefined) return exact?.facts ?? null
  const found = shortened.map((spelling) => list.get(spelling)).find((entry) => entry !== undefined)
  if (found === undefined || found === null) return found
  return matches(found.match, id) ? found.facts : undefined
}

/** The id, and what is left of it without suffixes. */
function spellingsOf(provider: string, id: string): string[] {
  const spellings = [provider === 'gemini' ? id.replace(/^models\//, '') : id]
  for (let last = spellings[0]!; ;) {
    const shorter = SUFFIXES.reduce((text, suffix) => (text === last ? text.replace(suffix, '') : text), last)
    if (shorter === last) break
    spellings.push((last = shorter))
  }
  // AWS lists Claude under its vendor, and the book, here and there, without.
  if (provider === 'bedrock') spellings.push(...spellings.map((spelling) => spelling.replace(/^anthropic\./, '')))
  return spellings
}

function indexModels(models: readonly BookModel[], today: string): Map<string, BookEntry | null> {
  const index = new Map<string, BookEntry | null>()
  for (const { match, prices, context_window: tokens } of models) {
    const entry = { match, facts: readFacts(prices, tokens ?? null, today) }
    for (const text of new Set(textsOf(match))) index.set(text, index.has(text) ? null : entry)
  }
  return index
}

/** What the match looks for, as far as the match takes it whole. */
function textsOf(match: BookMatch): string[] {
  if ('or' in match) return match.or.flatMap(textsOf)
  if ('and' in match) return match.and.flatMap(textsOf).filter((text) => matches(match, text))
  if ('regex' in match) return []
  const [text] = Object.values(match) as [string]
  return [text.toLowerCase().replace(/[-@]$/, '')]
}

function matches(match: BookMatch, id: string): boolean {
  if ('or' in match) return match.or.some((one) => matches(one, id))
  if ('and' in match) return match.and.every((one) => matches(one, id))
  if ('equals' in match) return id === match.equals.toLowerCase()
  if ('starts_with' in match) return id.startsWith(match.starts_with.toLowerCase())
  if ('ends_with' in match) return id.endsWith(match.ends_with.toLowerCase())
  if ('contains' in match) return id.includes(match.contains.toLowerCase())
  return matchesExpression(match.regex, id)
}

function readFacts(prices: BookModel['prices'], contextLength: number | null, today: string): Facts {
  const current = pricesAt(prices, today)
  const known = Object.entries(PRICES).flatMap(([field, name]) => {
    const raw = current?.[name]
    const price = toCostPerToken(typeof raw === 'object' ? raw.base : raw, 'usd-per-million')
    return price === null ? [] : [[field, price]]
  })
  return { ...Object.fromEntries(known), ...(contextLength === null ? {} : { contextLength }) }
}

/** `null`: the price depends on the hour, and a catalogue has no hours. */
function pricesAt(prices: BookModel['prices'], today: string): BookPrices | null {
  if (!Array.isArray(prices)) return prices as BookPrices
  for (const { constraint, prices: dated } of [...(prices as readonly DatedPrices[])].reverse()) {
    if (constraint === undefined) return dated
    if ('start_time' in constraint) return null
    if (constraint.start_date <= today) return dated
  }
  return null
}
