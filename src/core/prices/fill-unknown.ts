/** Fills a model's unknown fields from price books and from other providers' entries of the same model. Pure. */
import { sameValue } from '../model/same-value.js'
import { FIELDS, type Capability } from '../model/model.js'
import type { Capabilities } from '../model/model-fields.js'
import { bookProvenance, type BookWord } from './book-word.js'
import { MODEL_FIELDS, PRICE_FIELDS, type Facts, type FilledField } from './facts.js'

/** An entry of the same model at another provider. */
export interface OtherEntry {
  /** Its slug. */
  provider: string
  /** @see offerKey; of the entry that is to be filled, it is the same offer, listed twice. */
  offer: string
  facts: Facts
}

export interface Unfilled {
  /** @see offerKey; `null`: nobody knows. */
  offer: string | null
  canonicalName: string | null
  facts: Facts
  /** Fields that are set by hand stay as they are, empty ones too. */
  pinned: readonly string[]
  /** Upstream states prices in another currency than USD. */
  foreignPrices: boolean
}

export interface Filled {
  facts: Facts
  /** `price-book`, `price-book:<book>` or `provider:<slug>`, by field. */
  provenance: Record<string, string>
  /** Limits and prices that are another seller's. */
  estimated: FilledField[]
}

/** Facts that each seller sets for itself; one that is taken from another seller is an estimate. */
const SELLERS_OWN: ReadonlySet<FilledField> = new Set(['contextLength', 'maxOutputTokens', ...PRICE_FIELDS])

/**
 * The unknown fields that can be filled, each from the first that knows it:
 * 1. the seller's own list of the same offer
 * 2. for a fact of closed weights, their maker's list
 * 3. the books that name this seller, in their order
 * 4. other entries of the same offer
 * 5. entries of the same model at other sellers, where those that know the field agree
 *
 * A limit or a price belongs to an offer, not to a model: from another seller it is an estimate. Hosts cut the limits of open weights as they like, so two
 * must agree on one; their prices are never taken. A closed model at its maker costs what all who resell it ask. Whoever contradicts a price that upstream
 * states fills none, and nobody's `false` is another's. Throws nothing.
 */
export function fillUnknown(model: Unfilled, books: readonly BookWord[], others: readonly OtherEntry[]): Filled {
  const filled: Filled = { facts: {}, provenance: {}, estimated: [] }
  const isOpen = (field: FilledField): boolean => !(field in model.facts) && !model.pinned.includes(field)
  const openPrices = model.foreignPrices ? [] : PRICE_FIELDS.filter(isOpen)
  const openFacts = MODEL_FIELDS.filter(isOpen)
  if (openPrices.length === 0 && openFacts.length === 0) return filled

  const sorted = [...others].sort((a, b) => (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : 0))
  const same = sorted.filter(({ offer }) => offer === model.offer)
  const seller = model.offer?.slice(0, model.offer.indexOf('/')) ?? ''
  const maker = makerOf(model.canonicalName)
  const missing = (field: FilledField): boolean => !(field in filled.facts)
  const speaker = ({ provider, offer, facts }: OtherEntry): Speaker => ({
    ...{ from: `provider:${provider}`, facts },
    isSeller: offer === model.offer,
  })

  const own = same.filter(({ provider }) => provider === seller)
  const makers = maker === null ? [] : sorted.filter(({ provider, offer }) => isOwnOffer(provider, offer, maker))
  const written = books.map(({ book, facts }): Speaker => ({ from: bookProvenance(book), facts, isSeller: true }))
  for (const one of [...own.map(speaker), ...makers.map(speaker), ...written]) {
    for (const field of openFacts.filter(missing)) takeFact(filled, field, [one])
    if (!one.isSeller || contradicts({ ...model.facts, ...filled.facts }, one.facts)) continue
    const open = openPrices.filter(missing)
    for (const field of open) takeAgreed(filled, field, [one])
    if (open.some((field) => filled.provenance[field] === one.from)) takeWindows(filled, model, one)
  }
  for (const field of openFacts.filter(missing)) {
    const speakers = (same.some(({ facts }) => field in facts) ? same : sorted).map(speaker)
    takeFact(filled, field, speakers, { open: maker === null })
  }
  const priced = same.filter(({ facts }) => PRICE_FIELDS.some((field) => field in facts))
  const sellers = priced.length > 0 ? priced : maker === seller ? sorted : []
  const trusted = sellers.filter(({ facts }) => !contradicts({ ...model.facts, ...filled.facts }, facts))
  for (const field of openPrices.filter(missing)) takeAgreed(filled, field, trusted.map(speaker))
  return filled
}

/** One that can be asked for a field. */
interface Speaker {
  /** For the provenance. */
  from: string
  facts: Facts
  /** Speaks of this very offer. */
  isSeller: boolean
}

function isOwnOffer(provider: string, offer: string, slug: string): boolean {
  return provider === slug && offer.startsWith(`${slug}/`)
}

/** Whether the two state different prices for the same kind of token. */
function contradicts(a: Facts, b: Facts): boolean {
  return PRICE_FIELDS.some((field) => field in a && field in b && a[field] !== b[field])
}

/**
 * Nobody but its maker sets the price and the limits of a model whose weights are not public, and resellers pass them on. By the maker's provider, the
 * names of its closed models. Open weights are served by anybody at any price.
 */
const CLOSED: Readonly<Record<string, RegExp>> = {
  openai: /^openai\/(?!gpt-oss|whisper)/,
  anthropic: /^anthropic\//,
  gemini: /^google\/gemini-/,
  xai: /^xai\/grok-[3-9]/,
}

/** The slug of a closed model's maker; `null`: its weights are open, or nobody knows. */
function makerOf(canonicalName: string | null): string | null {
  if (canonicalName === null) return null
  return Object.keys(CLOSED).find((slug) => CLOSED[slug]!.test(canonicalName)) ?? null
}

function takeFact(filled: Filled, field: FilledField, speakers: readonly Speaker[], { open = false } = {}): void {
  if (field === 'capabilities') takeCapabilities(filled, speakers)
  else takeAgreed(filled, field, speakers, open && SELLERS_OWN.has(field) ? 2 : 1)
}

/** @param least so many other sellers must say it; of the seller's own offer one is enough */
function takeAgreed(filled: Filled, field: FilledField, speakers: readonly Speaker[], least = 1): void {
  const knowing = speakers.filter(({ facts }) => field in facts)
  const [first, ...rest] = knowing
  if (first === undefined || (!first.isSeller && new Set(knowing.map(({ from }) => from)).size < least)) return
  const value = first.facts[field]
  if (!rest.every(({ facts }) => sameValue(FIELDS[field], value, facts[field]))) return
  take(filled, field, value, first.from)
  if (!first.isSeller && SELLERS_OWN.has(field)) filled.estimated.push(field)
}

/** What the first can do and nobody contradicts: each lists other ones, so that they would never agree on all. */
function takeCapabilities(filled: Filled, speakers: readonly Speaker[]): void {
  const first = speakers.find(({ facts }) => Object.values(facts.capabilities ?? {}).includes(true))
  const agreed = Object.entries(first?.facts.capabilities ?? {}).filter(
    ([capability, value]) =>
      value && speakers.every(({ facts }) => facts.capabilities?.[capability as Capability] !== false),
  )
  if (first !== undefined && agreed.length > 0)
    take(filled, 'capabilities', Object.fromEntries(agreed) as Capabilities, first.from)
}

/** The hours of a price come from whoever stated the price. */
function takeWindows(
  filled: Filled,
  { facts, pinned }: Unfilled,
  { facts: { priceWindows = [] }, from }: Speaker,
): void {
  if (priceWindows.length === 0 || pinned.includes('priceWindows') || PRICE_FIELDS.some((field) => field in facts))
    return
  filled.facts.priceWindows ??= priceWindows
  filled.provenance['priceWindows'] ??= from
}

function take(filled: Filled, field: FilledField, value: unknown, from: string): void {
  Object.assign(filled.facts, { [field]: value })
  filled.provenance[field] = from
}
