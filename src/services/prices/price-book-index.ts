/** The price book's data as an index: what it says of one provider's own offer, found by the id without a search. */
import { hash } from 'node:crypto'
import type { Facts } from '../../core/prices/facts.js'
import type { Offer } from '../../core/model/offer.js'
import { matchesExpression } from './match-expression.js'
import { toCostPerToken } from '../../core/model/price.js'
import { cleanWindow } from '../../core/model/price-window.js'
import { pricesOn, type BookPrices, type DatedPrices } from './book-hours.js'

/** How the book tells which ids are a model's; several are alternatives. */
export type BookMatch =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }
  | { or: readonly BookMatch[] }
  | { and: readonly BookMatch[] }

export interface BookModel {
  id: string
  match: BookMatch
  /** Tokens. */
  context_window?: number | null
  /** For people. */
  price_comments?: string
  /** The last that applies counts. */
  prices: BookPrices | readonly DatedPrices[]
}

/** It may name providers whose lists stand in for this one; another seller's prices are none of this one's, so that is not read. */
export interface BookProvider {
  id: string
  models: readonly BookModel[]
}

export interface PriceBookIndex {
  /** `null`: the book does not know the offer for certain. Throws nothing. */
  lookup(offer: Offer): Facts | null
  /** Differs when a lookup may answer otherwise; the same in each process. Throws nothing. */
  version(): string
  /** ISO date of the newest price that has a date; `null`: none has. Throws nothing. */
  newest(): string | null
}

/** Our providers in the book; of the others it has no list. */
const BOOK_PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure',
  baseten: 'baseten',
  bedrock: 'aws',
  cerebras: 'cerebras',
  cloudflare: 'cloudflare',
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
  ovhcloud: 'ovhcloud',
  perplexity: 'perplexity',
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
const MOST_CONDITIONS = 100

/** What vendors put behind an id without meaning another model, as far as the book itself then still takes the id for it. */
const SUFFIXES = [/[-@](20\d{6}|20\d{2}-\d{2}-\d{2})$/, /-v\d+(:\d+)?$/, /:0$/, /-00\d$/]

/** A place in AWS' ids: a profile of its own, at a price of its own. */
const BEDROCK_PLACE = /^(global|apac|[a-z]{2}(-gov)?)\./

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
  let newest: string | null | undefined
  const listOf = (id: string): Map<string, BookEntry | null> => {
    let list = lists.get(id)
    if (list === undefined) lists.set(id, (list = indexModels(ownModels(id, find(id)?.models ?? []), today)))
    return list
  }
  return {
    lookup({ provider, id }) {
      if (!Object.hasOwn(BOOK_PROVIDERS, provider)) return null
      const list = listOf(BOOK_PROVIDERS[provider]!)
      for (const name of namesOf(provider, id.toLowerCase())) {
        const found = findIn(list, spellingsOf(provider, name))
        if (found !== undefined) return found
      }
      return null
    },
    // Of what was read for today, not of the data: most days bring no other price.
    version: () => (version ??= digestLists(listOf)),
    newest: () => (newest === undefined ? (newest = newestDate(find, today)) : newest),
  }
}

function digestLists(listOf: (id: string) => ReadonlyMap<string, BookEntry | null>): string {
  const said = [...new Set(Object.values(BOOK_PROVIDERS))].map((name) => [name, [...listOf(name)]])
  return hash('sha256', JSON.stringify(said), 'hex').slice(0, VERSION_DIGITS)
}

function newestDate(find: (id: string) => BookProvider | undefined, today: string): string | null {
  const dates = Object.values(BOOK_PROVIDERS)
    .flatMap((name) => find(name)?.models ?? [])
    .flatMap(({ prices }) => (Array.isArray(prices) ? (prices as readonly DatedPrices[]) : []))
    .flatMap(({ constraint }) => (constraint !== undefined && 'start_date' in constraint ? constraint.start_date : []))
  return (
    dates
      .filter((date) => date <= today)
      .sort()
      .at(-1) ?? null
  )
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

/** AWS bills a bare id at the global rate; the book's entry of it has the regional one where there are two. */
function namesOf(provider: string, id: string): string[] {
  return provider === 'bedrock' && !BEDROCK_PLACE.test(id) ? [`global.${id}`, id] : [id]
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

/** Some prices were taken from OpenRouter, whose cheapest host is not this seller; only the entry's comment says so. */
function ownModels(seller: string, models: readonly BookModel[]): readonly BookModel[] {
  if (seller === 'openrouter') return models
  return models.filter(({ price_comments: comment }) => typeof comment !== 'string' || !/open ?router/i.test(comment))
}

function indexModels(models: readonly BookModel[], today: string): Map<string, BookEntry | null> {
  const index = new Map<string, BookEntry | null>()
  for (const { id, match, prices: stated, context_window: contextLength } of models) {
    const prices = readPrices(stated, today)
    const own = { match, facts: { ...prices, ...(contextLength == null ? {} : { contextLength }) } }
    const lumped = { match, facts: prices }
    const texts = [...new Set(textsOf(match))]
    const isAlone = new Set(texts.map(modelOf)).size === 1
    for (const text of texts)
      index.set(text, index.has(text) ? null : isAlone || modelOf(text) === modelOf(id.toLowerCase()) ? own : lumped)
  }
  return index
}

/** Models that cost the same share an entry, whose limit is only that of the model which it is named after: `gpt-5-chat-latest` stands under `gpt-5`. */
function modelOf(id: string): string {
  const spellings = spellingsOf('', id.replace(/^regional\.|-latest$/g, ''))
  return spellings
    .at(-1)!
    .replace(BEDROCK_PLACE, '')
    .replace(/^anthropic\./, '')
    .replaceAll('.', '-')
}

/** What the match looks for, as far as the match takes it whole. */
function textsOf(match: BookMatch): string[] {
  if ('or' in match) return match.or.flatMap(textsOf)
  if ('and' in match) {
    // Each text is held against all conditions, of which real books have two or three.
    const texts = match.and.flatMap(textsOf)
    return texts.length > MOST_CONDITIONS ? [] : texts.filter((text) => matches(match, text))
  }
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

function readPrices(stated: BookModel['prices'], today: string): Facts {
  const { always, hours } = pricesOn(stated, today)
  const priceWindows = hours.flatMap(
    ({ from, to, prices }) => cleanWindow({ from, to, prices: perToken(prices) }) ?? [],
  )
  return { ...perToken(always ?? {}), ...(priceWindows.length === 0 ? {} : { priceWindows }) }
}

function perToken(prices: BookPrices): Facts {
  const known = Object.entries(PRICES).flatMap(([field, name]) => {
    const raw = prices[name]
    const price = toCostPerToken(typeof raw === 'object' ? raw.base : raw, 'usd-per-million')
    return price === null ? [] : [[field, price]]
  })
  return Object.fromEntries(known)
}
