/** Alibaba's prices: rows with their unit in words, by ranges of the prompt's length, in the currency of the region. */
import { quoteWord } from '../../../core/input/quote-value.js'
import type { PriceWindow } from '../../../core/model/price-window.js'
import { readTimeBand } from './time-bands.js'
import { recordsOf, textOf, type Members } from '../../kit/entry.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'
import { kindsOf } from './row-types.js'
import { priceOfOne } from './units.js'

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

const NO_HOURS = 'prices that hold at certain hours are not kept, those of the other hours are'

/** `(32k, 128k]` of `32k<Input<=128k`, as upstream spells it: whether 32k is 32,000 or 32,768 it does not say. */
const RANGE = /^(?:(\d+[km]?)\s*<=?\s*)?[^\s<>=\d]*(?:\s*<=?\s*(\d+[km]?))?$/i
const BEYOND = /^[^\s<>=\d]*\s*>=?\s*(\d+[km]?)$/i
/** The same range in other spellings. */
const INTERVAL = /^[([]?\s*(\d+[km]?)\s*(?:,|-|–|~|to)\s*(\d+[km]?|∞|\+?inf(?:inity)?)?\s*[)\]]?$/i

/**
 * The base prices are those of the range `Default`, or of the one that starts at 0 (`Input<=32k`, `0<Token<=32k`); the other ranges are tiers. A row
 * that holds at certain hours is a window where it says which and in USD; else it is passed over, and so is one whose unit is not known, each with a
 * warning. Without a currency
 * nothing is read.
 */
export function readAlibabaPrices(
  value: unknown,
  currency: string | null,
): { fields: PriceFields & { priceWindows: PriceWindow[] }; warnings: string[] } {
  const warnings: string[] = []
  const base: Record<string, unknown> = {}
  const other: RawPrice[] = []
  const windows: PriceWindow[] = []
  for (const range of currency === null ? [] : recordsOf(value)) {
    const tier = tierOf(textOf(range['range_name']) ?? 'Default')
    const rows = recordsOf(range['prices'])
    const hourly = rows.filter(isByTheHour)
    if (tier === '' && currency === 'USD') windows.push(...readWindows(hourly, warnings))
    else if (hourly.length > 0) warnings.push(NO_HOURS)
    const read = rows.filter((row) => !isByTheHour(row)).flatMap((row) => readRow(row, currency, warnings))
    for (const [kind, { unit, price }] of kindsOf(read)) {
      if (tier === '' && unit === 'token' && isBase(kind)) base[kind] ??= price
      else other.push({ kind: `${kind}${tier}`.slice(0, 100), unit, raw: price })
    }
  }
  const { input = null, output = null, cache_read: cacheRead = null, cache_write: cacheWrite } = base
  const { fields, warnings: more } = readPrices('usd-per-token', {
    ...{ input, output, cacheRead, other, currency: currency ?? 'USD' },
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
  })
  return { fields: { ...fields, priceWindows: windows }, warnings: [...warnings, ...more] }
}

/** The rows of each band are a window's prices. */
function readWindows(rows: readonly Members[], warnings: string[]): PriceWindow[] {
  const bands = new Map<string, Members[]>()
  for (const row of rows) {
    const name = JSON.stringify(row['time_band'])
    bands.set(name, [...(bands.get(name) ?? []), row])
  }
  return [...bands.values()].flatMap((band) => {
    const prices = kindsOf(band.flatMap((row) => readRow(row, 'USD', warnings)))
    const tokens = [...prices].flatMap(([kind, { unit, price }]) =>
      unit === 'token' && price !== null ? [[kind, price] as const] : [],
    )
    const window = readTimeBand(band[0]?.['time_band'], new Map(tokens))
    if (window === null && !warnings.includes(NO_HOURS)) warnings.push(NO_HOURS)
    return window ?? []
  })
}

/** A row that cannot be read is of its type all the same: another one does not stand in for it. */
function readRow(
  row: Members,
  currency: string | null,
  warnings: string[],
): { type: string; unit: string; price: string | null }[] {
  const type = textOf(row['type'])
  if (type === null) return []
  const one = priceOfOne(row['price'], row['price_unit'], currency)
  if (typeof one !== 'string') return [{ type, ...one }]
  warnings.push(`price of ${quoteWord(type)}: ${one}; left out`)
  return [{ type, unit: 'token', price: null }]
}

function isBase(kind: string): boolean {
  return ['input', 'output', 'cache_read', 'cache_write'].includes(kind)
}

function isByTheHour(row: Members): boolean {
  return (row['time_band'] ?? null) !== null
}

// Empty: the base.
function tierOf(stated: string): string {
  if (/^default$/i.test(stated)) return ''
  const [interval, least = '0', most = ''] = INTERVAL.exec(stated.trim()) ?? []
  const end = /^\d/.test(most) ? `<=${most}` : ''
  const name = interval === undefined ? stated.trim().replaceAll('≤', '<=').replaceAll('≥', '>=') : `${least}<x${end}`
  const [, beyond] = BEYOND.exec(name) ?? []
  if (beyond !== undefined) return `_tier_${beyond}_up`.toLowerCase()
  const [whole, from = '0', to = 'up'] = RANGE.exec(name) ?? []
  if (whole === undefined || (from === '0' && to === 'up')) return `_${name}`
  return from === '0' ? '' : `_tier_${from}_${to}`.toLowerCase()
}
