/** Which prices hold at an hour, of a model whose prices depend on it. Pure. */
import type { OtherPrice } from '../model/model-fields.js'
import type { PriceWindow } from '../model/price-window.js'
import { PRICE_FIELDS } from './facts.js'
import type { PriceSheet } from './price-records.js'

/** What a price is for, by its field. */
const KINDS: Readonly<Record<(typeof PRICE_FIELDS)[number], string>> = {
  inputCostPerToken: 'input',
  outputCostPerToken: 'output',
  cacheReadCostPerToken: 'cache_read',
  cacheWriteCostPerToken: 'cache_write',
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Making one takes longer than all else here, and there are no more than time zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** The first window that holds at that time; `null`: none does. @param at ISO 8601, or ms since 1970 */
export function windowAt(windows: readonly PriceWindow[], at: string | number): PriceWindow | null {
  const time = new Date(at)
  return windows.find((window) => holds(window, time)) ?? null
}

/** The prices of that hour. A window's price holds for prompts of any length, so the tiers of the same kind do not. Throws nothing. */
export function sheetAt<Sheet extends PriceSheet>(sheet: Sheet, windows: readonly PriceWindow[], at: string): Sheet {
  const window = windowAt(windows, at)
  if (window === null) return sheet
  const kinds = PRICE_FIELDS.filter((field) => window.prices[field] !== undefined).map((field) => KINDS[field])
  const otherPrices = sheet.otherPrices.filter((price) => !isTierOf(price, kinds))
  return { ...sheet, ...window.prices, otherPrices }
}

function isTierOf({ kind, unit, currency }: OtherPrice, kinds: readonly string[]): boolean {
  return unit === 'token' && currency === 'USD' && kinds.some((one) => /^_(above|tier)_/.test(afterPrefix(kind, one)))
}

function afterPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : ''
}

function holds({ days, from, to, timeZone, dayTimeZone = timeZone }: PriceWindow, time: Date): boolean {
  const { clock, day } = clockIn(timeZone, time)
  if (!days.includes(dayTimeZone === timeZone ? day : clockIn(dayTimeZone, time).day)) return false
  return from < to ? from <= clock && clock < to : clock >= from || clock < to
}

/** `"16:30"` and 1 to 7, Monday to Sunday, as clocks and calendars show them there. */
function clockIn(timeZone: string, time: Date): { clock: string; day: number } {
  if (timeZone === 'UTC') return { clock: time.toISOString().slice(11, 16), day: time.getUTCDay() || 7 }
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  )
  const day = WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1
  return { clock: `${parts.get('hour')}:${parts.get('minute')}`, day }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit' } as const
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...shown })
    formatters.set(timeZone, formatter)
  }
  return formatter
}
