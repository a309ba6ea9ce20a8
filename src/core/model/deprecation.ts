/** Deprecations: how long a model still is served, and which warning of it is due. Pure. */

/** Days before the end of a model at which the news warn of it, the last warning first. */
export const WARNING_DAYS = [1, 7, 30] as const
export type WarningDays = (typeof WARNING_DAYS)[number]

const DAY_MS = 86_400_000

/** Whole days from one ISO date to another; negative when it is past. */
export function daysUntil(date: string, today: string): number {
  return Math.round((Date.parse(date) - Date.parse(today)) / DAY_MS)
}

/** The ISO date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/**
 * The warning that a model is in: of several that were missed while the server was down only the last still says something.
 * @param deprecationDate ISO date, as `today`
 * @returns `null`: none yet, or the date is past
 */
export function dueWarning(deprecationDate: string, today: string): WarningDays | null {
  const left = daysUntil(deprecationDate, today)
  return left < 0 ? null : (WARNING_DAYS.find((days) => left <= days) ?? null)
}
