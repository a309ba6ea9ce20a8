/** `--limit`: how many members of a list. */
import { shownText } from '../../core/input/shown-option.js'
import type { Options } from './command.js'
import { UsageError } from './usage-error.js'

export function limitOption(byDefault: string) {
  return {
    limit: { type: 'string', value: 'NUMBER', description: `at most so many; default: ${byDefault}` },
  } as const satisfies Options
}

/** @throws UsageError when it is no whole number from 1 on */
export function readLimit(text: string | undefined, byDefault: number, command: string): number {
  if (text === undefined) return byDefault
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--limit is ${shownText(text)}; expected a whole number from 1 on`, command)
}

const LONGEST_PAGE = 500

/** The members of a list that comes in pages, at most `limit`. */
export async function* eachOf<T>(
  limit: number,
  signal: AbortSignal,
  ask: (page: { limit: number; cursor?: string }) => Promise<{ members: T[]; nextCursor: string | null }>,
): AsyncGenerator<T> {
  let left = limit
  let cursor: string | null = null
  do {
    signal.throwIfAborted()
    const page = await ask({ limit: Math.min(left, LONGEST_PAGE), ...(cursor === null ? {} : { cursor }) })
    yield* page.members
    left -= page.members.length
    cursor = page.nextCursor
  } while (cursor !== null && left > 0)
}
