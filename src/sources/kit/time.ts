/** Reads times and days as upstreams spell them, where one reading alone is possible. */

// 1973-03-03, before all models: a smaller number is a year, or a day as 20261231.
const FIRST_SECOND = 100_000_000
// 9999-12-31: a larger number is not in seconds.
const LAST_SECOND = 253_402_300_799
/** By its digits: seconds, milliseconds, microseconds, nanoseconds; all that falls between 1973 and 9999. */
const EPOCH = /^\d{9,19}(?:\.\d+)?$/
/** `20261231235959`. */
const COMPACT = /^(20\d\d)([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)([0-5]\d)$/
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

/** The last second that 32 bits count. */
const LAST_OF_32_BITS = '2038-01-19T03:14:07'

/** Whether the time says that there is none. @param iso as {@link readTime} gives it */
export function isSentinelTime(iso: string): boolean {
  const year = Number(iso.slice(0, 4))
  return !(year >= FIRST_YEAR && year <= LAST_YEAR) || iso.startsWith(LAST_OF_32_BITS)
}

/**
 * The time as ISO 8601 in UTC, which also holds where no zone is named: of Unix seconds and their parts, and days that can be one only. Throws nothing.
 * @returns `null` for what is none
 */
export function readTime(value: unknown): string | null {
  const given = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  const compact = COMPACT.test(given) ? given.replace(COMPACT, '$1-$2-$3T$4:$5:$6Z') : given
  const number = compact === given && EPOCH.test(given) ? Number(given) : 0
  if (number >= FIRST_SECOND) {
    const seconds = [1, 1e3, 1e6, 1e9].map((parts) => number / parts).find((second) => second <= LAST_SECOND) ?? NaN
    return seconds >= FIRST_SECOND ? new Date(Math.trunc(seconds * 1000)).toISOString() : null
  }
  const text = yearFirst(compact).replace(/ ?(?:UTC|GMT)$/i, 'Z')
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
