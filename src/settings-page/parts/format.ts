/** Prices, numbers and times as people read them; pure, exact, no floats for money. */
import { plainAmount } from '../../client/typed-number.js'

/** USD per token, decimal string. */
type Decimal = string

/** What stands where a value is not known. */
export const UNKNOWN = '—'

const grouped = new Intl.NumberFormat('en-US')

/**
 * A price per 1M tokens, exact: the decimal point moves six places in the string, no number is ever made of it.
 * @param perToken USD per token, plain decimal string; `null` = unknown
 * @returns `"$1.25"` (at least two decimals), `"free"` for zero, `"—"` for unknown
 */
export function formatPricePerMillion(perToken: Decimal | null): string {
  if (perToken === null) return UNKNOWN
  const match = /^(\d*)\.?(\d*)$/.exec(perToken)
  // Not the contract's spelling: shown as it came, with its own unit, rather than guessed.
  if (match === null || perToken === '' || perToken === '.') return `${perToken} per token`
  const [, whole = '', decimals = ''] = match
  const padded = decimals.padEnd(6, '0')
  const dollars = (whole + padded.slice(0, 6)).replace(/^0+(?=\d)/, '')
  const cents = padded.slice(6).replace(/0+$/, '')
  if (/^0*$/.test(dollars) && cents === '') return 'free'
  return `$${groupDigits(dollars)}.${cents.padEnd(2, '0')}`
}

/**
 * The way back, as exact: what a person types as USD per 1M tokens, as a price per token.
 * @returns `null` when it is no plain decimal number, or has a comma that is not between thousands: `1,25` may be 1.25
 */
export function pricePerToken(perMillion: string): Decimal | null {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(plainAmount(perMillion) ?? '')
  const [, whole = '', decimals = ''] = match ?? []
  if (whole + decimals === '') return null
  const digits = whole.padStart(7, '0')
  const price = `${digits.slice(0, -6)}.${digits.slice(-6)}${decimals}`
  return price.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '')
}

/** A price per token as a plain number of USD per 1M tokens, to type over: `"0.00000125"` → `"1.25"`; `null` → `""`. */
export function plainPerMillion(perToken: Decimal | null): string {
  if (perToken === null) return ''
  const shown = formatPricePerMillion(perToken)
  if (shown === 'free') return '0'
  return shown.replace(/[$,]/g, '').replace(/\.?0+$/, '')
}

/** `1048576` → `"1,048,576"`; `null` → `"—"`. */
export function formatCount(value: number | null): string {
  return value === null ? UNKNOWN : grouped.format(value)
}

/** `formatPlural(1, "model")` → `"1 model"`, `formatPlural(1200, "model")` → `"1,200 models"`; `many` where it is not the one with an s. */
export function formatPlural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`
}

/** Milliseconds as `"40 ms"`, `"1.4 s"`, `"2 min 5 s"`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 59.95) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
}

const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * HOUR_MINUTES

/** Minutes as people say how often: `"every 15 minutes"`, `"every hour"`, `"every 6 hours"`, `"every day"`. */
export function formatInterval(minutes: number): string {
  const [unit, size] =
    minutes % DAY_MINUTES === 0
      ? ['day', DAY_MINUTES]
      : minutes % HOUR_MINUTES === 0
        ? ['hour', HOUR_MINUTES]
        : ['minute', 1]
  const count = minutes / size
  return count === 1 ? `every ${unit}` : `every ${formatCount(count)} ${unit}s`
}

// The unit in which a distance is told, and from how many seconds on: 90 minutes say more than 2 hours.
const UNITS = [
  { unit: 'day', seconds: 86_400, from: 36 * 3_600 },
  { unit: 'hour', seconds: 3_600, from: 100 * 60 },
  { unit: 'minute', seconds: 60, from: 90 },
  { unit: 'second', seconds: 1, from: 0 },
] as const

const relative = new Intl.RelativeTimeFormat('en-US', { numeric: 'always' })

/**
 * The distance of a moment: `"in 12 minutes"`, `"3 hours ago"`, `"just now"` within five seconds of the past.
 * @param now milliseconds since the epoch
 */
export function formatRelative(iso: string, now: number): string {
  const distance = (Date.parse(iso) - now) / 1000
  if (Number.isNaN(distance)) return iso
  if (distance > -5 && distance <= 0) return 'just now'
  const { unit, seconds } = UNITS.find(({ from }) => Math.abs(distance) >= from) ?? UNITS[3]
  const count = distance / seconds
  // To come: the nearest. Past: only what is full, so 3.9 minutes ago are 3.
  return relative.format(count > 0 ? Math.max(1, Math.round(count)) : Math.ceil(count), unit)
}

/** The moment in the viewer's zone and in UTC: `"Nov 21, 2026, 11:56:31 AM GMT+1 · 2026-11-21 10:56:31 UTC"`. */
export function formatExact(iso: string, timeZone?: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const local = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(date)
  return `${local} · ${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The day of a moment in the viewer's zone: `"Nov 21, 2026"`. */
export function formatDay(iso: string, timeZone?: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'short', day: 'numeric', timeZone }).format(date)
}

/** A day on a chart's axis: `"Nov 24"`. @param seconds since the epoch @param timeZone default the viewer's */
export function formatChartDay(seconds: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone }).format(seconds * 1000)
}

/** A time of the day on a chart's axis, in the viewer's zone: `"3:40 PM"`. @param seconds since the epoch */
export function formatChartTime(seconds: number): string {
  return new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit' }).format(seconds * 1000)
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Begins with a capital letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
