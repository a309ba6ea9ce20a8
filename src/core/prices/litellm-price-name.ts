/** LiteLLM's names of prices, read and written: `input_cost_per_audio_token` is `{kind: 'input_audio', unit: 'token'}`. Pure. */
import { memoize } from '../input/memoize.js'

/** What a price is for, and of what. */
export interface LitellmPriceName {
  kind: string
  unit: string
}

const CACHE_PRICE = /^(explicit_)?cache_(read|creation)_input_(?:(audio|image|video)_)?token_cost(?:_(.+))?$/
const UNIT_PRICE = /^(?:(\w+?)_)?cost_per_(.+)$/
// `image_token_batches`, `audio_per_second`, `second_1080p`, `token_above_200k_tokens`: what, of which unit, under which condition.
const UNIT =
  /^(?:(audio|image|video|reasoning|text)_(?:per_)?)?(token|second|character|image|pixel|page|query|request|session|credit|message)(?:_(.+))?$/

const CACHE_KIND = /^(explicit_)?cache_(read|write)(?:_(audio|image|video))?(?:_(.+))?$/
const KIND = /^(input|output)(?:_(audio|image|video|reasoning|text))?(?:_(.+))?$/

// LiteLLM has some 150 names of prices, each read in every row. The bound is for configs that invent more.
const priceName = memoize<LitellmPriceName | null>(1_000, parse)

/** @returns `null` when the member is no price in USD (Databricks' own `dbu` units among them). Throws nothing. */
export function readLitellmPrice(member: string): LitellmPriceName | null {
  // Nearly every other member ends here; the longest price in the field has 60 characters.
  return member.includes('cost') && member.length <= 80 ? priceName(member) : null
}

/** The member that {@link readLitellmPrice} reads as this price; `null`: LiteLLM has none. Throws nothing. */
export function litellmPriceMember({ kind, unit }: LitellmPriceName): string | null {
  const member = cacheMember(kind, unit) ?? unitMember(kind, unit)
  const read = readLitellmPrice(member)
  return read?.kind === kind && read.unit === unit ? member : null
}

function parse(member: string): LitellmPriceName | null {
  const cache = CACHE_PRICE.exec(member)
  if (cache !== null) {
    const [, explicit, direction, medium, condition] = cache
    const access = direction === 'read' ? 'cache_read' : 'cache_write'
    return { kind: join(explicit === undefined ? undefined : 'explicit', access, medium, condition), unit: 'token' }
  }
  const parts = UNIT_PRICE.exec(member)
  if (parts === null) return null
  const [, what, rest = ''] = parts
  if (what?.endsWith('dbu') === true) return null
  const unit = UNIT.exec(rest)
  // `1k_calls`, `gb_per_day`: upstream's own unit, as it is.
  if (unit === null) return { kind: what ?? 'usage', unit: rest }
  const [, medium, one = rest, condition] = unit
  return { kind: join(what ?? 'usage', medium ?? (one === 'image' ? one : undefined), condition), unit: one }
}

function cacheMember(kind: string, unit: string): string | null {
  const parts = unit === 'token' ? CACHE_KIND.exec(kind) : null
  if (parts === null) return null
  const [, explicit = '', direction, medium, condition] = parts
  const access = direction === 'read' ? 'read' : 'creation'
  return `${explicit}cache_${access}_input_${behind(medium)}token_cost${before(condition)}`
}

function unitMember(kind: string, unit: string): string {
  const parts = KIND.exec(kind)
  if (parts === null) return kind === 'usage' ? `cost_per_${unit}` : `${kind}_cost_per_${unit}`
  const [, what, medium, condition] = parts
  // `input_cost_per_audio_per_second`, but `input_cost_per_audio_token`; an image's own medium is not said.
  const of = medium === unit ? '' : behind(medium) + (medium !== undefined && unit === 'second' ? 'per_' : '')
  return `${what}_cost_per_${of}${unit}${before(condition)}`
}

function behind(word: string | undefined): string {
  return word === undefined ? '' : `${word}_`
}

function before(condition: string | undefined): string {
  return condition === undefined ? '' : `_${condition.replace(/(?<=^|_)(above_\d+k?)(?=_|$)/, '$1_tokens')}`
}

function join(...words: (string | undefined)[]): string {
  return words
    .filter((word) => word !== undefined)
    .join('_')
    .replace(/_tokens(?=_|$)/g, '')
}
