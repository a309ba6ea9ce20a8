/** When a change is said to have happened. Pure. */

/**
 * Each change of a provider's models happens after the one before it, so that a clock that is set back neither reorders the changelog nor lets a
 * price end before it began.
 * @param changedAt ISO 8601: the change before; `null`: there is none
 * @param now ms since 1970
 * @returns ISO 8601
 */
export function stampAfter(changedAt: string | null, now: number): string {
  return new Date(changedAt === null ? now : Math.max(now, Date.parse(changedAt) + 1)).toISOString()
}
