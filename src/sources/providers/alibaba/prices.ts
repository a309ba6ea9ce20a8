/** Alibaba's prices: rows with their unit in words, by ranges of the prompt's length, in the currency of the region. */
import { toCostPerToken, type PriceUnit } from '../../../core/model/price.js'
import { quoteWord } from '../../../core/input/quote-value.js'
import { recordsOf, textOf, type Members } from '../../kit/entry.js'
import { readPrices, type PriceFields, type RawPrices } from '../../kit/prices.js'

type Currency = 'USD' | 'CNY'

/**
 * What prices at an address are in: CNY on the mainland, USD in Singapore and the US (also behind an address that names no region); `null` in
 * the other regions, of which it is not documented. @throws TypeError when it is no URL
 */
export function currencyAt(address: string): Currency | null {
  const { hostname } = new URL(address)
  if (hostname === 'dashscope.aliyuncs.com' || hostname.includes('cn-beijing')) return 'CNY'
  return /cn-hongkong|eu-central|ap-northeast/.test(hostname) ? null : 'USD'
}

/** `(0, 32k]` of `0<Token<=32k`, as upstream spells it: whether 32k is 32,000 or 32,768 it does not say. */
const RANGE = /^(\d+[kKmM]?)\s*<\s*\w+(?:\s*<=\s*(\d+[kKmM]?))?$/
const TOKENS: readonly (readonly [RegExp, PriceUnit])[] = [
  [/^per (?:1m|1,000,000|(?:one )?million) tokens?$/i, 'usd-per-million'],
  [/^per (?:1k|1,000|(?:one )?thousand) tokens?$/i, 'usd-per-thousand'],
  [/^per token$/i, 'usd-per-token'],
]
const FIELDS: Readonly<Record<string, 'input' | 'output' | 'cacheRead'>> = {
  input_token: 'input',
  output_token: 'output',
  input_token_cache: 'cacheRead',
}
const KINDS: Readonly<Record<string, string>> = {
  input_token: 'input',
  output_token: 'output',
  input_token_cache: 'cache_read',
  image_number: 'output_image',
}

/**
 * The base prices are those of the range `Default`, or of the one that starts at 0; the other ranges are tiers. A row that holds at certain
 * times of the day only is passed over, and so is one whose unit is not known, each with a warning. Without a currency nothing is read.
 */
export function readAlibabaPrices(
  value: unknown,
  currency: string | null,
): { fields: PriceFields; warnings: string[] } {
  const warnings: string[] = []
  const raw: RawPrices & Record<'input' | 'output' | 'cacheRead', unknown> = {
    input: null,
    output: null,
    cacheRead: null,
    currency: currency ?? 'USD',
  }
  const other: NonNullable<RawPrices['other']>[number][] = []
  const ranges = currency === null ? [] : recordsOf(value)
  for (const range of ranges) {
    const tier = tierOf(textOf(range['range_name']) ?? 'Default')
    const rows = recordsOf(range['prices'])
    if (rows.some(isByTheHour))
      warnings.push('prices that hold at certain hours are not kept, those of the other hours are')
    for (const row of rows.filter((row) => !isByTheHour(row))) {
      const type = textOf(row['type'])
      if (type === null) continue
      const unit = unitOf(row['price_unit'])
      if (unit === null) {
        warnings.push(`price of ${quoteWord(type)}: its unit is not known; left out`)
        continue
      }
      const field = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined
      const price = unit.tokens === null ? row['price'] : toCostPerToken(row['price'], unit.tokens)
      if (price === null) warnings.push(`price of ${quoteWord(type)}: it is no price of 0 or more; left out`)
      else if (tier === '' && field !== undefined && unit.of === 'token') raw[field] ??= price
      else {
        const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : type
        other.push({ kind: `${kind}${tier}`.slice(0, 100), unit: unit.of, raw: price })
      }
    }
  }
  const { fields, warnings: more } = readPrices('usd-per-token', { ...raw, other })
  return { fields, warnings: [...warnings, ...more] }
}

function isByTheHour(row: Members): boolean {
  return (row['time_band'] ?? null) !== null
}

// Empty: the base.
function tierOf(name: string): string {
  if (name === 'Default') return ''
  const [, from, to = 'up'] = RANGE.exec(name) ?? []
  if (from === undefined) return `_${name}`
  return from === '0' ? '' : `_tier_${from}_${to}`.toLowerCase()
}

/** Tokens are per so many, anything else is per one: `per image`, `per second`. */
function unitOf(value: unknown): { of: string; tokens: PriceUnit | null } | null {
  const text = textOf(value)?.trim() ?? ''
  const tokens = TOKENS.find(([pattern]) => pattern.test(text))?.[1]
  if (tokens !== undefined) return { of: 'token', tokens }
  const one = /^per (image|second|request|character|page|video|call)$/i.exec(text)?.[1]
  return one === undefined ? null : { of: one.toLowerCase(), tokens: null }
}
