/** How the catalogue stands: everything that is off has a reason, and only without any is it up to date. */
import t from 'tap'
import { describeReason } from '../../../src/core/records/standing-text.js'
import {
  needsSync,
  standingOf,
  type ProviderFacts,
  type ProviderOutcome,
  type StandingFacts,
} from '../../../src/core/records/standing.js'

const now = Date.parse('2026-11-29T12:00:00Z')
const ago = (hours: number): string => new Date(now - hours * 3_600_000).toISOString()
const outcome = (provider: string, status: ProviderOutcome['status'], reason?: string): ProviderOutcome => ({
  provider,
  status,
  ...(reason === undefined ? {} : { reason }),
})
const run = (success: boolean, ...outcomes: ProviderOutcome[]): NonNullable<StandingFacts['lastSync']> => ({
  runId: 'r',
  startedAt: ago(1),
  success,
  asked: outcomes.length === 0 ? ['litellm'] : outcomes.map(({ provider: slug }) => slug),
  outcomes,
})
const provider = (slug: string, rest: Partial<ProviderFacts> = {}): ProviderFacts => ({
  slug,
  enabled: true,
  failing: false,
  heldChanges: 0,
  disabledModels: 0,
  ...rest,
})
const well: StandingFacts = {
  lastSync: run(true, outcome('litellm', 'ok')),
  lastSuccessAt: ago(1),
  undoneAt: null,
  staleDays: 30,
  now,
  scheduled: ['litellm'],
  providers: [provider('litellm'), provider('groq')],
  overdue: [],
  refusal: null,
  disabledNews: [],
}
const told = (rest: Partial<StandingFacts>): string => {
  const { state, reasons } = standingOf({ ...well, ...rest })
  return [state, ...reasons.map(({ code, level }) => `${code} ${level}`)].join(', ')
}

t.test('one thing that is off is one reason', async (t) => {
  const failed = run(false, outcome('litellm', 'failed', 'upstream'))
  const rows: [what: string, rest: Partial<StandingFacts>, expected: string][] = [
    ['all is well', {}, 'ok'],
    ['never synced', { lastSync: null, lastSuccessAt: null }, 'never-synced, never-synced note'],
    ['a failed sync', { lastSync: failed }, 'failing, last-run-failed failure'],
    ['one that failed as a whole', { lastSync: run(false) }, 'failing, last-run-failed failure'],
    [
      'a cancelled one',
      { lastSync: run(false, outcome('litellm', 'failed', 'cancelled')) },
      'ok, last-run-cancelled note',
    ],
    [
      'one that took too long is no cancelled one',
      { lastSync: run(false, outcome('litellm', 'failed', 'run-too-long')) },
      'failing, last-run-failed failure',
    ],
    [
      'a failing provider',
      { providers: [provider('litellm', { failing: true })] },
      'failing, provider-failing failure',
    ],
    ['a refusing database', { refusal: 'read-only' }, 'failing, database-refuses failure'],
    ['long ago', { lastSuccessAt: ago(31 * 24) }, 'attention, stale warning'],
    ['never with success', { lastSuccessAt: null }, 'attention, stale warning'],
    [
      'held',
      {
        lastSync: run(false, outcome('litellm', 'held', 'mass-removal')),
        providers: [provider('litellm', { heldChanges: 2 })],
      },
      'attention, held warning',
    ],
    ['news switched off', { disabledNews: ['ops'] }, 'attention, news-disabled warning'],
    [
      'a disabled provider',
      { providers: [provider('groq', { enabled: false, disabledModels: 3 })] },
      'ok, provider-disabled note',
    ],
    [
      'one that had no models',
      { providers: [provider('groq', { enabled: false, failing: true, heldChanges: 1 })] },
      'ok',
    ],
    ['an undo since', { undoneAt: ago(0.5) }, 'ok, undone note'],
    ['an undo before', { undoneAt: ago(2) }, 'ok'],
    [
      'a provider without a key',
      { lastSync: run(true, outcome('litellm', 'ok'), outcome('groq', 'skipped', 'no-key')) },
      'ok, left-out note',
    ],
    ['nobody was asked', { lastSync: run(true) }, 'ok, left-out note'],
    ['one that is not due', { lastSync: run(true, outcome('litellm', 'skipped', 'not-due')) }, 'ok'],
    [
      'automatic syncs do not come',
      { overdue: [{ slug: 'litellm', lastSuccessAt: null, intervalMinutes: 60 }] },
      'attention, overdue warning',
    ],
  ]
  for (const [what, rest, expected] of rows) t.equal(told(rest), expected, what)
})

t.test('a provider that no schedule asks for', async (t) => {
  const failing = [provider('litellm'), provider('groq', { failing: true })]
  const failed = run(false, outcome('groq', 'failed', 'upstream'))
  t.equal(told({ providers: failing }), 'ok', 'once failed, long ago')
  t.equal(told({ providers: failing, lastSync: failed }), 'ok, last-run-failed note', 'until the next sync')
  t.equal(told({ providers: failing, scheduled: ['litellm', 'groq'] }), 'failing, provider-failing failure')
  t.equal(
    told({ lastSync: { ...run(false), asked: ['groq'] } }),
    'ok, last-run-failed note',
    'whose sync died with its process',
  )
  t.equal(
    told({ lastSync: run(false, outcome('litellm', 'failed'), outcome('groq', 'failed')) }),
    'failing, last-run-failed failure',
    'beside one that is scheduled',
  )
  t.equal(
    told({
      lastSync: run(false, outcome('litellm', 'failed')),
      providers: [provider('litellm', { enabled: false, failing: true })],
    }),
    'ok, last-run-failed note',
    'one that was disabled since',
  )
})

t.test('the worst comes first, and a sync is recommended where it helps', async (t) => {
  t.equal(
    told({ disabledNews: ['ops'], undoneAt: ago(0), refusal: 'full' }),
    'failing, database-refuses failure, news-disabled warning, undone note',
  )
  const recommended = (rest: Partial<StandingFacts>): boolean => needsSync(standingOf({ ...well, ...rest }))
  t.equal(recommended({}), false)
  t.equal(recommended({ disabledNews: ['ops'], undoneAt: ago(0) }), false)
  t.equal(recommended({ lastSync: null }), true)
  t.equal(recommended({ lastSuccessAt: ago(31 * 24) }), true)
  t.equal(recommended({ providers: [provider('litellm', { failing: true })] }), true)
  t.equal(recommended({ providers: [provider('groq', { failing: true })] }), false)
})

t.test('each reason as a sentence', async (t) => {
  const { reasons } = standingOf({
    ...well,
    lastSync: run(false, outcome('litellm', 'failed'), outcome('groq', 'incomplete')),
    lastSuccessAt: '2026-01-01T00:00:00.000Z',
    providers: [
      provider('litellm', { failing: true, heldChanges: 1 }),
      provider('xai', { enabled: false, disabledModels: 1 }),
    ],
    disabledNews: ['ops', 'dev', 'all'],
  })
  t.strictSame(reasons.map(describeReason), [
    'the last sync failed for litellm and groq',
    'litellm could not be read when last tried',
    'the last success was at 2026-01-01T00:00:00.000Z, more than 30 days ago',
    '1 change of litellm waits for a person',
    'news is off for ops, dev and all',
    'xai is disabled, and so 1 model is unavailable',
  ])
})
