/** PriceWindow: hours at which other prices hold than a model's own. Pure. */
import { Type, type Static } from 'typebox'
import { memoize } from '../input/memoize.js'
import { toDecimal } from './price.js'

/** The prices that a window may state. */
export const WINDOW_PRICES = [
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
] as const

const Clock = Type.String({ description: 'such as 16:30' })
const Price = Type.Optional(Type.String({ description: 'USD per token, decimal' }))

export const PriceWindowSchema = Type.Object({
  /** ISO 8601: 1 is Monday, 7 Sunday. */
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: '1 = Monday, 7 = Sunday' }),
  from: Clock,
  /** Exclusive. The same as `from`: the whole day. Before it: over midnight, on each of the days before and after. */
  to: Clock,
  timeZone: Type.String({ description: 'of the hours; IANA' }),
  dayTimeZone: Type.Optional(Type.String({ description: 'of the days, where it is another; IANA' })),
  prices: Type.Object(
    {
      inputCostPerToken: Price,
      outputCostPerToken: Price,
      cacheReadCostPerToken: Price,
      cacheWriteCostPerToken: Price,
    },
    { additionalProperties: false, description: 'what is not stated costs what it does at other hours' },
  ),
})
export type PriceWindow = Static<typeof PriceWindowSchema>

/** No seller states as many. */
const MOST_WINDOWS = 100
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const WHOLE_WEEK = [1, 2, 3, 4, 5, 6, 7]

const isTimeZone = memoize(100, (zone): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
})

/** Names the hours of a window: two with the same key hold at the same times. */
export function windowKey({ days, from, to, timeZone, dayTimeZone }: PriceWindow): string {
  return `${days.join(',')} ${from}-${to} ${timeZone}${dayTimeZone === undefined ? '' : ` ${dayTimeZone}`}`
}

const KEY = /^([1-7](?:,[1-7])*) (\d\d:\d\d)-(\d\d:\d\d) (\S+)(?: (\S+))?$/

/** The windows that such prices came from, by their keys; what has no such key is left out. Throws nothing. */
export function windowsOfKeys(
  prices: readonly { field: (typeof WINDOW_PRICES)[number]; key: string; price: string }[],
): PriceWindow[] {
  const found = new Map<string, { [Field in (typeof WINDOW_PRICES)[number]]?: string }>()
  for (const { field, key, price } of prices) found.set(key, { ...found.get(key), [field]: price })
  const windows = [...found].map(([key, stated]) => {
    const [, days = '', from, to, timeZone, dayTimeZone] = KEY.exec(key) ?? []
    return { days: days.split(',').map(Number), from, to, timeZone, dayTimeZone, prices: stated }
  })
  return cleanWindows(windows).windows
}

/** The whole window as one text, the same for the same window. */
export function spellWindow(window: PriceWindow): string {
  return `${windowKey(window)} ${WINDOW_PRICES.map((price) => window.prices[price] ?? '').join(' ')}`
}

/** The window in its one spelling; `null` where it is none, or states no price. Throws nothing. */
export function cleanWindow(raw: unknown): PriceWindow | null {
  if (typeof raw !== 'object' || raw === null) return null
  const { days = WHOLE_WEEK, from, to, timeZone = 'UTC', dayTimeZone, prices } = raw as Record<string, unknown>
  const week = Array.isArray(days) ? [...new Set(days as unknown[])].filter(isWeekday).sort() : []
  const [begin, end] = [clockOf(from), clockOf(to)]
  if (week.length === 0 || begin === null || end === null || !isZone(timeZone)) return null
  if (!(dayTimeZone === undefined || isZone(dayTimeZone)) || typeof prices !== 'object' || prices === null) return null
  const stated = WINDOW_PRICES.flatMap((field) => {
    const price = toDecimal((prices as Record<string, unknown>)[field])
    return price === null ? [] : [[field, price] as const]
  })
  if (stated.length === 0) return null
  const zones = dayTimeZone === undefined || dayTimeZone === timeZone ? { timeZone } : { timeZone, dayTimeZone }
  return { days: week, from: begin, to: end, ...zones, prices: Object.fromEntries(stated) }
}

/** Each time once, in one order: of two windows with the same hours the first counts. `rejected`: how many are none. Throws nothing. */
export function cleanWindows(raw: readonly unknown[]): { windows: PriceWindow[]; rejected: number } {
  const windows = new Map<string, PriceWindow>()
  let rejected = Math.max(0, raw.length - MOST_WINDOWS)
  for (const one of raw.slice(0, MOST_WINDOWS)) {
    const window = cleanWindow(one)
    if (window === null) rejected += 1
    else if (!windows.has(windowKey(window))) windows.set(windowKey(window), window)
  }
  return { windows: [...windows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, window]) => window), rejected }
}

function clockOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const clock = value === '24:00' ? '00:00' : value
  return CLOCK.test(clock) ? clock : null
}

function isWeekday(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 7
}

function isZone(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && !/\s/.test(value) && isTimeZone(value)
}
