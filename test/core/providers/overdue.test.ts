/** Which providers are overdue: two intervals and five minutes after the last success, or after the start. */
import t from 'tap'
import { overdueProviders } from '../../../src/core/providers/overdue.js'

const now = Date.parse('2026-11-29T12:00:00Z')
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString()
const state = (slug: string, rest: object = {}) => ({
  slug,
  enabled: true,
  intervalMinutes: null,
  lastAttemptAt: null,
  consecutiveFailures: 0,
  lastSuccessAt: ago(126),
  ...rest,
})
const longAgo = { baseMinutes: 60, since: 0, now }
const slugs = (...args: Parameters<typeof overdueProviders>) => overdueProviders(...args).map(({ slug }) => slug)

t.test('after two intervals and five minutes, no sooner', async (t) => {
  t.strictSame(slugs(['a'], [state('a')], longAgo), ['a'])
  t.strictSame(slugs(['a'], [state('a', { lastSuccessAt: ago(125) })], longAgo), [])
})

t.test('an interval of its own counts, a shorter one than the backend’s does not', async (t) => {
  t.strictSame(slugs(['a'], [state('a', { intervalMinutes: 90 })], longAgo), [])
  t.strictSame(slugs(['a'], [state('a', { intervalMinutes: 5 })], longAgo), ['a'])
})

t.test('from the start of the process on, also of one that was never synced', async (t) => {
  t.strictSame(slugs(['a', 'b'], [state('a')], { ...longAgo, since: now - 125 * 60_000 }), [])
  t.strictSame(slugs(['a', 'b'], [state('a')], { ...longAgo, since: now - 126 * 60_000 }), ['a', 'b'])
})

t.test('one that is disabled, or that no automatic sync takes, is not expected', async (t) => {
  t.strictSame(slugs(['a'], [state('a', { enabled: false }), state('b')], longAgo), [])
})
