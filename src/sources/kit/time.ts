/** Reads times and days as upstreams spell them, where one reading alone is possible. */

// 1973-03-03, before all models: a smaller number is a year, or a day as 20261231.
const FIRST_SECOND = 100_000_000
// 9999-12-31: a larger number is not in seconds.
const LAST_SECOND = 253_402_300_799
const DAY = /^\d{4}-\d\d-\d\d$/
const ISO = /^\d{4}-\d\d-\d\d(?:$|[T ]\d\d:\d\d)/
const ZONE = /(?:Z|UTC|[+-]\d\d:?\d\d)$/i
/** `2026/12/31`, `2026-2-3`, `20261231`: a year in front has the month after it. */
const YEAR_FIRST = /^(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)(?!\d)|(\d\d)(\d\d)$)/
/** `31 Dec 2026`, `December 31st, 2026`, `Thu, 31 Dec 2026 00:00:00 GMT`. */
const NAMED =
  /^(?:[a-z]{3,9},? +)?(?:(\d\d?)(?:st|nd|rd|th)?[ -]([a-z]{3,9})|([a-z]{3,9})\.? (\d\d?)(?:st|nd|rd|th)?)\.?,?[ -](\d{4})(?!\d)/i
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]

/** No model is older, and no end is announced for so late: years that stand where nobody knows the day (1970, 1993, 2099, 9999). */
const FIRST_YEAR = 2000
const LAST_YEAR = 2089

/** Whether the time says that there is none. @param iso as {@link readTime} gives it */
export function isSentinelTime(iso: string): boolean {
  const year = Number(iso.slice(0, 4))
  return !(year >= FIRST_YEAR && year <= LAST_YEAR)
}

/**
 * The time as ISO 8601 in UTC, which also holds where no zone is named: of Unix seconds, milliseconds, and days that can be one only. Throws nothing.
 * @returns `null` for what is none
 */
export function readTime(value: unknown): string | null {
  const given = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  const number = /^\d{9,13}(?:\.\d+)?$/.test(given) ? Number(given) : 0
  if (number >= FIRST_SECOND) {
    const seconds = number > LAST_SECOND ? number / 1000 : number
    return seconds <= LAST_SECOND ? new Date(seconds * 1000).toISOString() : null
  }
  const text = yearFirst(given).replace(/ ?(?:UTC|GMT)$/i, 'Z')
  const day = text.slice(0, 10)
  if (text === day || text === `${day}Z`) return isRealDay(day) ? `${day}T00:00:00.000Z` : null
  if (!ISO.test(text) || !isRealDay(day)) return null
  const time = new Date(ZONE.test(text) ? text : `${text}Z`)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** A day in front of the text as ISO 8601 spells it, what comes after it as it is. */
function yearFirst(text: string): string {
  const day = (year: string, month: string | number, date: string): string =>
    `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`
  const iso = text.replace(YEAR_FIRST, (_, year: string, __, month: string, date: string, mm: string, dd: string) =>
    day(year, month ?? mm, date ?? dd),
  )
  return iso.replace(NAMED, (all, before: string, second: string, first: string, after: string, year: string) => {
    const word = (first ?? second).toLowerCase()
    const month = MONTHS.findIndex((name) => name === word || name.slice(0, 3) === word || word === name.slice(0, 4))
    return month < 0 ? all : day(year, month + 1, before ?? after)
  })
}

// JavaScript reads 30 February as 2 March.
function isRealDay(day: string): boolean {
  if (!DAY.test(day)) return false
  const time = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day)
}
