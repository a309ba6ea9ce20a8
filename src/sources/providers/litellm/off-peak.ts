/** LiteLLM's prices by the hour: the hours at which a deployment costs less than its own prices say. */
import { quoteValue } from '../../../core/input/quote-value.js'
import { LITELLM_TOKEN_PRICES } from '../../../core/model/litellm-members.js'
import { cleanWindow, type PriceWindow } from '../../../core/model/price-window.js'
import { isRecord, recordsOf, textOf, type Members } from '../../kit/entry.js'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const HOURS = /^\s*(\d?\d:\d\d)\s*-\s*(\d?\d:\d\d)\s*$/

/**
 * The hours are UTC, each from on and to without; days are those of `weekday_timezone`, UTC unless it says otherwise. `hours_utc` holds every day,
 * `windows` on the days of each. What the operator sets for a deployment comes before the price map's. Throws nothing.
 * @see OffPeakPricing in litellm/types/utils.py of LiteLLM 1.110 (read 2026-11)
 */
export function readOffPeak(info: Members, params: Members, warnings: string[]): PriceWindow[] {
  const nested = isRecord(params['model_info']) ? params['model_info'] : {}
  const block = [nested, params, info].map((members) => members['off_peak_pricing']).find(isRecord)
  if (block === undefined) return []
  const prices = Object.fromEntries(
    Object.entries(LITELLM_TOKEN_PRICES).map(([field, member]) => [field, block[member]]),
  )
  const zone = textOf(block['weekday_timezone']) ?? 'UTC'
  const days = zone === 'UTC' ? {} : { dayTimeZone: zone }
  const windows = [{ hours_utc: block['hours_utc'] }, ...recordsOf(block['windows'])].flatMap((rule) => {
    const week = rule['weekdays'] === undefined || rule['weekdays'] === null ? {} : { days: daysOf(rule['weekdays']) }
    return hoursOf(rule['hours_utc']).flatMap((hours) => {
      const [, from, to] = (HOURS.exec(hours) ?? []).map((clock) => clock.padStart(5, '0'))
      const window = cleanWindow({ from, to, timeZone: 'UTC', ...days, ...week, prices })
      if (window === null)
        warnings.push(`off_peak_pricing: ${quoteValue(hours)} is no window with days and prices; left out`)
      return window ?? []
    })
  })
  if (windows.length === 0)
    warnings.push('off_peak_pricing: prices that hold at certain hours are not kept, those of the other hours are')
  return windows
}

function hoursOf(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one): one is string => typeof one === 'string')
}

/** Numbers from 1, Monday, on, or names. */
function daysOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) return []
  return (value as unknown[]).map((day) =>
    typeof day === 'string' ? DAYS.indexOf(day.trim().slice(0, 3).toLowerCase()) + 1 : day,
  )
}
