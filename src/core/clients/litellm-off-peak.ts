/** Prices by the hour, as LiteLLM states them. Pure. @see OffPeakPricing in litellm/types/utils.py of LiteLLM 1.110 (read 2026-11) */
import { LITELLM_TOKEN_PRICES } from '../model/litellm-members.js'
import type { PriceWindow } from '../model/price-window.js'
import type { PlainRecord } from './yaml.js'

/** `null` for none, and for windows that LiteLLM cannot state: its hours are UTC, and one list of prices holds in all of them. Throws nothing. */
export function litellmOffPeak(windows: readonly PriceWindow[]): PlainRecord | null {
  const [first] = windows
  const common = ({ prices, dayTimeZone }: PriceWindow): string =>
    JSON.stringify([Object.entries(prices).sort(), dayTimeZone])
  if (first === undefined || windows.some((one) => one.timeZone !== 'UTC' || common(one) !== common(first))) return null
  const prices = Object.entries(LITELLM_TOKEN_PRICES).map(([field, member]) => {
    const price = first.prices[field as keyof typeof LITELLM_TOKEN_PRICES]
    return [member, price === undefined ? undefined : Number(price)]
  })
  return {
    windows: windows.map(({ days, from, to }) => ({ weekdays: days, hours_utc: [`${from}-${to}`] })),
    weekday_timezone: first.dayTimeZone,
    ...(Object.fromEntries(prices) as PlainRecord),
  }
}
