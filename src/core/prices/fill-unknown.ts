/** What is unknown of a model, filled from a price book and from other providers' entries of the same model. Pure. */
import { sameValue } from '../model/same-value.js'
import { isKnown } from '../model/field-changes.js'
import { FIELDS, type Capability } from '../model/model.js'
import type { Capabilities, ModelFields } from '../model/model-fields.js'

export const PRICE_FIELDS = [
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
] as const

/** Facts of the model rather than of who serves it, as far as those who serve it agree. */
const MODEL_FIELDS = [
  'mode',
  'contextLength',
  'maxOutputTokens',
  'inputModalities',
  'outputModalities',
  'capabilities',
] as const

export const FILLED_FIELDS = [...MODEL_FIELDS, ...PRICE_FIELDS] as const
export type FilledField = (typeof FILLED_FIELDS)[number]

/** Known values only: a field that is not there is unknown. Tokens; USD per token. */
export type Facts = Partial<Pick<ModelFields, FilledField>>

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
  /** `price-book` or `provider:<slug>`, by field. */
  provenance: Record<string, string>
}

/**
 * The unknown fields that can be filled. The book comes first, since it speaks of the very offer; then entries of the same offer; then all entries of
 * the same model, when those that know the field agree. A price belongs to an offer, not to a model: it is taken from an entry of the same offer, or,
 * for a closed model at its maker, from all who resell it. Who contradicts a price that upstream states fills none. Throws nothing.
 */
export function fillUnknown(model: Unfilled, book: Facts | null, others: readonly OtherEntry[]): Filled {
  const filled: Filled = { facts: {}, provenance: {} }
  const isOpen = (field: FilledField): boolean => !(field in model.facts) && !model.pinned.includes(field)
  const openPrices = model.foreignPrices ? [] : PRICE_FIELDS.filter(isOpen)
  const openFacts = MODEL_FIELDS.filter(isOpen)
  if (openPrices.length === 0 && openFacts.length === 0) return filled

  if (book !== null) {
    const prices = contradicts(model.facts, book) ? [] : openPrices
    for (const field of [...openFacts, ...prices]) if (field in book) take(filled, field, book[field], 'price-book')
  }
  const sorted = [...others].sort((a, b) => (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : 0))
  const same = sorted.filter(({ offer }) => offer === model.offer)
  const speakers = (field: FilledField): readonly OtherEntry[] =>
    same.some(({ facts }) => field in facts) ? same : sorted
  const missing = (field: FilledField): boolean => !(field in filled.facts)
  for (const field of openFacts.filter(missing)) {
    if (field === 'capabilities') takeCapabilities(filled, speakers(field))
    else takeAgreed(filled, field, speakers(field))
  }
  const priced = same.filter(({ facts }) => PRICE_FIELDS.some((field) => field in facts))
  const sellers = priced.length > 0 ? priced : isClosedAtItsMaker(model) ? sorted : []
  const trusted = sellers.filter(({ facts }) => !contradicts({ ...model.facts, ...filled.facts }, facts))
  for (const field of openPrices.filter(missing)) takeAgreed(filled, field, trusted)
  return filled
}

/** Whether the two state different prices for the same kind of token. */
function contradicts(a: Facts, b: Facts): boolean {
  return PRICE_FIELDS.some((field) => field in a && field in b && a[field] !== b[field])
}

/**
 * Nobody but its maker sets the price of a model whose weights are not public, and resellers pass it on. By the maker's provider, the names of its closed
 * models. Open weights are served by anybody at any price.
 */
const CLOSED: Readonly<Record<string, RegExp>> = {
  openai: /^openai\/(?!gpt-oss|whisper)/,
  anthropic: /^anthropic\//,
  gemini: /^google\/gemini-/,
  xai: /^xai\/grok-[3-9]/,
}

function isClosedAtItsMaker({ offer, canonicalName }: Unfilled): boolean {
  const server = offer?.slice(0, offer.indexOf('/')) ?? ''
  return canonicalName !== null && Object.hasOwn(CLOSED, server) && CLOSED[server]!.test(canonicalName)
}

function takeAgreed(filled: Filled, field: FilledField, others: readonly OtherEntry[]): void {
  const [first, ...rest] = others.filter(({ facts }) => field in facts)
  if (first === undefined) return
  const value = first.facts[field]
  if (rest.every(({ facts }) => sameValue(FIELDS[field], value, facts[field])))
    take(filled, field, value, `provider:${first.provider}`)
}

/** What the first says and nobody contradicts: each lists other ones, so that they would never agree on all. */
function takeCapabilities(filled: Filled, others: readonly OtherEntry[]): void {
  const [first, ...rest] = others.filter(({ facts }) => facts.capabilities !== undefined)
  const agreed = Object.entries(first?.facts.capabilities ?? {}).filter(([capability, value]) =>
    rest.every(({ facts }) => (facts.capabilities?.[capability as Capability] ?? value) === value),
  )
  if (first !== undefined && agreed.length > 0)
    take(filled, 'capabilities', Object.fromEntries(agreed) as Capabilities, `provider:${first.provider}`)
}

function take(filled: Filled, field: FilledField, value: unknown, from: string): void {
  Object.assign(filled.facts, { [field]: value })
  filled.provenance[field] = from
}

/** The known ones among a model's fields. */
export function knownFacts(fields: { readonly [Field in FilledField]: unknown }): Facts {
  return Object.fromEntries(
    FILLED_FIELDS.filter((field) => isKnown(fields[field])).map((field) => [field, fields[field]]),
  )
}
