/** Numbers as people and upstreams write them, where one reading alone is possible. Pure. */

/** A comma is one between thousands, or it may be the decimal comma of half the world. Nothing else is written with the other signs. */
const GROUPED = /^[1-9]\d{0,2}([,_'’\s])\d{3}(?:\1\d{3})*(?:\.\d+)?$/
const MARKS = /^(?:USD|US\$|\$)\s*|\s*(?:USD|US\$|\$)$/gi
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 }

/**
 * The digits of a number without its spaces around and the signs between its thousands: `" 1,250.5 "` and `"1 250.5"` are `"1250.5"`. A text
 * with any other comma (`"1,25"`, `"0,125"`) is `null`: it may be a decimal comma, and 100 times the number. Throws nothing.
 */
function withoutGroups(text: string): string | null {
  const trimmed = text.trim()
  if (GROUPED.test(trimmed)) return trimmed.replace(/[^\d.]/g, '')
  return trimmed.includes(',') ? null : trimmed
}

/** {@link withoutGroups} of an amount of money, which may bear the mark of the dollar. */
export function plainAmount(text: string): string | null {
  return withoutGroups(text.trim().replace(MARKS, ''))
}

/**
 * Tokens: `"128,000"`, `"128k"`, `"1.5M"`, `"128000.0"`; `null` where it is no whole number, or may be two (`"128.000"`). Throws nothing.
 */
export function plainCount(text: string): number | null {
  const [, number = '', unit = ''] = /^(.*?)\s*([km]?)(?:\s*tokens?)?$/is.exec(text.trim()) ?? []
  const digits = withoutGroups(number)
  if (digits === null || !/^\d{1,15}(?:\.\d{1,6})?$/.test(digits)) return null
  if (unit === '' && /\.(?!0$)/.test(digits)) return null
  const count = Math.round(Number(digits) * (FACTORS[unit.toLowerCase()] ?? 1) * 1_000) / 1_000
  return Number.isSafeInteger(count) ? count : null
}
