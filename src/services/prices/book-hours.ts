/** pricesOn: which of a book's dated prices hold on a day, and at which hours of it others do. */

/** USD per 1M tokens under `*_mtok`; with tiers, from so many tokens of input on. */
export type BookPrices = Readonly<Record<string, number | { base: number } | undefined>>

export interface DatedPrices {
  /** Hours as `16:30:00Z`; where the end comes before the start they go over midnight. */
  constraint?: { start_date: string } | { start_time: string; end_time: string }
  prices: BookPrices
}

export interface BookHours {
  /** UTC, `16:30`. */
  from: string
  /** Exclusive. */
  to: string
  prices: BookPrices
}

/** `+08:00`, or `Z`. */
const TIME = /^(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))$/
const DAY_MINUTES = 24 * 60

/**
 * The last prices that apply count, so hours that are stated before prices of all hours never hold.
 * @param day ISO date, UTC
 * @returns the hours in the order in which they count; `always` `null`: nothing is said of the other hours. Throws nothing
 */
export function pricesOn(
  stated: BookPrices | readonly DatedPrices[],
  day: string,
): { always: BookPrices | null; hours: BookHours[] } {
  if (!Array.isArray(stated)) return { always: stated as BookPrices, hours: [] }
  const hours: BookHours[] = []
  for (const { constraint, prices } of [...(stated as readonly DatedPrices[])].reverse()) {
    if (constraint === undefined) return { always: prices, hours }
    if ('start_date' in constraint) {
      if (constraint.start_date <= day) return { always: prices, hours }
      continue
    }
    const [from, to] = [inUtc(constraint.start_time), inUtc(constraint.end_time)]
    // The book means no hour by the same time twice, we mean all of them.
    if (from !== null && to !== null && from !== to) hours.push({ from, to, prices })
  }
  return { always: null, hours }
}

function inUtc(time: string): string | null {
  const [, hours = '', minutes = '', sign = '+', ahead = '0', aheadMinutes = '0'] = TIME.exec(time) ?? []
  if (hours === '') return null
  const offset = (Number(ahead) * 60 + Number(aheadMinutes)) * (sign === '-' ? -1 : 1)
  const minute = (Number(hours) * 60 + Number(minutes) - offset + 2 * DAY_MINUTES) % DAY_MINUTES
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
