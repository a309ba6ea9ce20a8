/** Prices, numbers, times and counts as the settings page writes them. */
import fc from 'fast-check'
import t from 'tap'
import { adviceFor, type Settable } from '../../../src/settings-page/sync/advice.js'
import type {
  Cause,
  ProviderResult,
  ProviderStatus,
  Reason,
  SyncResult,
  SyncStatus,
} from '../../../src/client/contract.js'
import {
  formatCount,
  formatDuration,
  formatDay,
  formatExact,
  formatInterval,
  formatPlural,
  formatPricePerMillion,
  formatRelative,
} from '../../../src/settings-page/parts/format.js'
import {
  capabilityNames,
  formatMode,
  formatReason,
  providerName,
  providerNames,
} from '../../../src/settings-page/parts/labels.js'
import { countsInWords, outcomeOf, sentenceOfCounts } from '../../../src/settings-page/sync/outcome.js'
import { stateOf } from '../../../src/settings-page/sync/provider-state.js'
import { standingOf } from '../../../src/settings-page/sync/sync-state.js'
import { sources } from '../../../src/sources/all-sources.js'

type Known = Pick<Cause, 'code'> & { facts: object }

t.test('a price per token becomes a price per 1M tokens without a float', async (t) => {
  const cases: [perToken: string | null, shown: string][] = [
    [null, '—'],
    ['0', 'free'],
    ['0.0', 'free'],
    ['0.000000', 'free'],
    ['0.00000125', '$1.25'],
    ['0.000003', '$3.00'],
    ['0.00000015', '$0.15'],
    ['0.000000075', '$0.075'],
    ['0.000000000001', '$0.000001'],
    // Seventeen digits: as a double times a million it would read 0.12345678901234568.
    ['0.00000012345678901234567', '$0.12345678901234567'],
    ['0.00001', '$10.00'],
    ['0.0006', '$600.00'],
    ['1', '$1,000,000.00'],
    ['1000000', '$1,000,000,000,000.00'],
    ['12.5', '$12,500,000.00'],
    // Not what the contract promises: told as it came, not guessed.
    ['2.5e-7', '2.5e-7 per token'],
    ['', ' per token'],
  ]
  for (const [perToken, shown] of cases) t.equal(formatPricePerMillion(perToken), shown, `${perToken}`)
})

t.test('any price keeps each of its digits', async () => {
  const digits = fc.stringMatching(/^[0-9]{1,24}$/)
  fc.assert(
    fc.property(fc.nat({ max: 999_999 }), digits, (whole, decimals) => {
      const shown = formatPricePerMillion(`${whole}.${decimals}`)
      const scale = BigInt(Math.max(decimals.length, 6))
      const exact = BigInt(`${whole}${decimals.padEnd(Number(scale), '0')}`)
      if (exact === 0n) return shown === 'free'
      const [dollars = '', cents = ''] = shown.replace(/[$,]/g, '').split('.')
      const rest = Number(scale) - 6
      // Padded to the same number of decimals, both are one integer.
      return BigInt(dollars + cents.padEnd(Math.max(rest, 2), '0')) === exact * 10n ** BigInt(Math.max(0, 2 - rest))
    }),
  )
})

t.test('how often', async (t) => {
  const cases = {
    1: 'minute',
    15: '15 minutes',
    60: 'hour',
    90: '90 minutes',
    120: '2 hours',
    1440: 'day',
    10_080: '7 days',
  }
  for (const [minutes, told] of Object.entries(cases)) t.equal(formatInterval(Number(minutes)), `every ${told}`)
})

t.test('numbers, durations, plurals', async (t) => {
  t.equal(formatCount(1048576), '1,048,576')
  t.equal(formatCount(0), '0')
  t.equal(formatCount(null), '—')
  t.equal(formatPlural(1, 'model'), '1 model')
  t.equal(formatPlural(0, 'model'), '0 models')
  t.equal(formatPlural(1200, 'model'), '1,200 models')
  t.equal(formatDuration(40.4), '40 ms')
  t.equal(formatDuration(1400), '1.4 s')
  t.equal(formatDuration(59_940), '60 s')
  t.equal(formatDuration(60_000), '1 min')
  t.equal(formatDuration(125_000), '2 min 5 s')
})

t.test('moments', async (t) => {
  const now = Date.parse('2026-11-21T10:00:00.000Z')
  const at = (seconds: number) => formatRelative(new Date(now + seconds * 1000).toISOString(), now)
  t.equal(at(0), 'just now')
  t.equal(at(-4), 'just now')
  t.equal(at(-30), '30 seconds ago')
  t.equal(at(-239), '3 minutes ago')
  t.equal(at(12 * 60), 'in 12 minutes')
  t.equal(at(60 * 60), 'in 60 minutes')
  t.equal(at(12 * 60 + 1), 'in 12 minutes')
  t.equal(at(0.2), 'in 1 second')
  t.equal(at(24 * 3600), 'in 24 hours')
  t.equal(at(-3 * 86_400), '3 days ago')
  t.equal(formatRelative('yesterday', now), 'yesterday')
  t.match(formatExact('2026-11-21T10:56:31.000Z', 'Europe/Berlin'), /11:56:31.*GMT\+1 · 2026-11-21 10:56:31 UTC$/)
  t.equal(formatExact('yesterday'), 'yesterday')
  t.equal(formatDay('2026-11-21T23:30:00.000Z', 'Europe/Berlin'), 'Nov 22, 2026')
  t.equal(formatDay('yesterday'), 'yesterday')
})

t.test('names', async (t) => {
  t.equal(providerName('litellm'), 'LiteLLM')
  for (const { slug, name } of sources) t.equal(providerName(slug), name)
  t.equal(providerName('gpu-rack'), 'gpu-rack', 'what an operator has named stays as it was named')
  t.equal(providerNames(['litellm']), 'LiteLLM')
  t.equal(providerNames(['litellm', 'xai', 'gpu-rack']), 'LiteLLM, xAI and gpu-rack')
  t.equal(providerNames(['a', 'b', 'c', 'd']), '4 providers')
  t.equal(formatMode('image_generation'), 'image generation')
  t.equal(formatMode(null), '—')
  t.equal(formatReason('omitted'), 'no longer listed')
  t.equal(formatReason('new-reason'), 'new reason')
  t.equal(formatReason(null), null)
  t.same(capabilityNames({ streaming: true, vision: true, reasoning: false, webSearch: null, newThing: true }), [
    'vision',
    'streaming',
    'new thing',
  ])
})

t.test('an outcome is green only when all went well and nothing is held', async (t) => {
  t.equal(outcomeOf(result(true, 'ok')), 'ok')
  t.equal(outcomeOf(result(true, 'ok', 'not-modified', 'skipped')), 'ok')
  t.equal(outcomeOf(result(false, 'held')), 'held')
  t.equal(outcomeOf(result(false, 'ok', 'held')), 'held')
  t.equal(outcomeOf({ ...result(true, 'ok'), heldChanges: 1 }), 'held')
  t.equal(outcomeOf(result(false, 'failed')), 'failed')
  t.equal(outcomeOf(result(false, 'incomplete')), 'failed')
  t.equal(outcomeOf(result(false, 'ok', 'failed')), 'partial')
  t.equal(outcomeOf(result(false)), 'failed')
  t.equal(outcomeOf(result(false, 'ok')), 'failed')
  t.equal(outcomeOf(result(true)), 'idle')
  t.equal(outcomeOf(result(true, 'skipped')), 'idle')
  const cancelled = (by: 'person' | 'closing') =>
    ({ provider: 'litellm', code: 'cancelled', facts: { by }, message: 'the words do not count' }) as const
  for (const by of ['person', 'closing'] as const)
    t.equal(outcomeOf({ ...result(false, 'failed'), problems: [cancelled(by)] }), 'cancelled')
  const mixed = result(false, 'failed')
  t.equal(outcomeOf({ ...mixed, problems: [cancelled('person'), ...mixed.problems] }), 'failed')
})

t.test('counts in words', async (t) => {
  const some = { ...result(true, 'ok'), newModels: 3, updatedModels: 2, unchangedModels: 1036, heldChanges: 1 }
  t.equal(sentenceOfCounts(some), '3 new, 2 updated, 1,036 unchanged, 1 held')
  t.equal(sentenceOfCounts(result(true, 'ok')), 'no models')
  t.same(
    countsInWords(some).map(({ word }) => word),
    ['new', 'updated', 'unavailable', 'unchanged', 'held'],
  )
  t.same(
    countsInWords({ ...some, newModels: 0, unchangedModels: 0 }, true).map(({ word }) => word),
    ['updated', 'held'],
  )
})

t.test('errors come with the next step', async (t) => {
  const known: Record<string, Settable> = {
    litellm: { keyVariable: 'LITELLM_API_KEY', addressVariable: 'LITELLM_API_URL', keyPresent: true },
    huggingface: { keyVariable: 'HF_TOKEN', addressVariable: 'HUGGINGFACE_BASE_URL', keyPresent: true },
    rack: { keyVariable: null, addressVariable: 'MODEL_SYNC_OPENAI_COMPATIBLE', keyPresent: false },
  }
  // Rows of older versions have fewer facts.
  const advise = (cause: Known | null, provider = 'litellm', message = 'what the server says') =>
    adviceFor({ provider, cause: cause as Cause | null, message }, known[provider])
  const status = (code: number): Known => ({ code: 'upstream-status', facts: { status: code } })
  t.same(advise(status(401)), {
    what: 'LiteLLM refused the key (401).',
    next: 'Set LITELLM_API_KEY to a key that may read /model/info.',
  })
  t.same(advise(status(401), 'huggingface'), {
    what: 'Hugging Face Inference Providers refused the key (401).',
    next: 'Set HF_TOKEN to a valid key.',
  })
  t.same(advise(status(401), 'rack'), {
    what: 'rack wants a key (401).',
    next: 'Name the variable of its key in MODEL_SYNC_OPENAI_COMPATIBLE, as ;key=NAME.',
  })
  t.match(advise(status(401), 'not-known-yet').next, 'Give it a valid key.')
  for (const [code, what] of [
    [403, /does not let it list models/],
    [404, /no model list at this address/],
    [429, /fewer requests/],
    [503, /an error of its own/],
  ] as const)
    t.match(advise(status(code)), { what })
  t.same(advise(status(418)), { what: 'What the server says.', next: null })
  for (const found of ['html', 'empty', 'shape', 'other'] as const)
    t.same(advise({ code: 'malformed-answer', facts: { found } }), {
      what: 'What answered is not LiteLLM.',
      next: 'Check LITELLM_API_URL, and what stands between here and there.',
    })
  t.match(advise({ code: 'malformed-answer', facts: { found: 'truncated' } }), { what: /hung up/ })
  t.match(advise({ code: 'upstream-broken-off', facts: {} }), { what: /hung up/ })
  t.match(advise({ code: 'upstream-redirect', facts: { anotherOrigin: true } }), { next: /LITELLM_API_URL/ })
  t.match(advise({ code: 'upstream-without-models', facts: { status: 500 } }), { what: /no models configured/ })
  t.match(advise({ code: 'upstream-unreachable', facts: { missing: 'connection' } }), {
    what: 'LiteLLM cannot be reached.',
    next: /LITELLM_API_URL/,
  })
  t.match(advise({ code: 'upstream-timeout', facts: {} }), { what: /in time/ })
  t.match(advise({ code: 'upstream-tls', facts: { wants: 'ours' } }), { next: /MODEL_SYNC_TLS_CERT/ })
  t.match(advise({ code: 'upstream-tls', facts: { wants: 'theirs' } }), { next: /NODE_EXTRA_CA_CERTS/ })
  t.match(advise({ code: 'incomplete-listing', facts: { cause: status(404) } }), { what: /no model list/ })
  t.match(advise({ code: 'held', facts: {} }), { what: /nothing was lost/ })
  for (const cause of [null, { code: 'internal', facts: {} }] as const)
    t.same(advise(cause, 'litellm', 'GET /model/info answered 401 (said by an older version)'), {
      what: 'GET /model/info answered 401 (said by an older version).',
      next: null,
    })
  t.equal(stateOf({ status: 'failed' }).word, 'failed')
  t.match(stateOf({ status: 'failed', reason: 'cancelled' }), { word: 'cancelled', tone: 'quiet' })
})

t.test('how things stand says what the server says, and counts in the right number', async (t) => {
  const status = {
    keys: 'backend' as const,
    lastSync: null,
    lastSuccess: null,
    nextSyncAt: null,
    running: false,
    progress: null,
    needsSync: false,
    newModels: 0,
    held: 0,
  }
  const last = (run: SyncResult): NonNullable<SyncStatus['lastSync']> => ({
    runId: run.runId ?? '',
    keys: 'backend',
    trigger: run.trigger,
    userId: null,
    options: {},
    providers: null,
    takenOver: null,
    appVersion: null,
    replica: null,
    phases: null,
    synced_at: run.syncedAt,
    total_new_models: run.newModels,
    sync_results: run.providers,
    startedAt: run.syncedAt,
    finishedAt: run.syncedAt,
    durationMs: 1,
    success: run.success,
    result: run,
    folded: null,
  })
  const told = (run: SyncResult, ...reasons: Reason[]) => {
    const standing = { state: 'ok' as const, reasons }
    return standingOf({ ...status, lastSync: last(run), standing }, run, false, false)
  }
  const ok = result(true, 'ok')
  t.match(told(ok), { tone: 'good', title: 'Up to date', text: 'As p0 lists it: 0 models.', more: [] })
  t.match(told(ok, { code: 'stale', level: 'warning', facts: { lastSuccessAt: ok.syncedAt, staleDays: 30 } }), {
    tone: 'warn',
    title: 'The catalogue is old',
  })
  t.match(told(ok, { code: 'provider-failing', level: 'failure', facts: { providers: ['groq'] } }), {
    tone: 'bad',
    title: 'Not every provider is up to date',
    text: 'Groq could not be read when last tried. Refresh again.',
    again: ['groq'],
  })
  const held = (changes: number): Reason => ({
    code: 'held',
    level: 'warning',
    facts: { changes, providers: ['litellm'] },
  })
  t.match(told(ok, held(1)).text, /^1 change waits for a person;/)
  t.match(told(ok, held(2)).text, /^2 changes wait for a person;/)
  const failed = result(false, 'ok', 'failed', 'held')
  const facts = { runId: failed.runId!, providers: ['p1'] }
  const both = told(
    failed,
    { code: 'last-run-failed', level: 'failure', facts },
    { code: 'provider-failing', level: 'failure', facts: { providers: ['p1'] } },
    held(1),
  )
  t.match(both, { tone: 'bad', text: 'p1 failed, p0 and p2 went through. Nothing was lost.' })
  t.match(both.more, [/^1 change waits/], 'what is said already is not said again')
  const notes: Reason[] = [
    { code: 'undone', level: 'note', facts: { at: ok.syncedAt } },
    { code: 'provider-disabled', level: 'note', facts: { providers: ['groq'], models: 3 } },
    { code: 'left-out', level: 'note', facts: { providers: ['groq'], all: false } },
  ]
  for (const note of notes) {
    const { tone, title, text } = told(ok, note)
    t.equal(tone, 'quiet')
    t.notMatch(`${title} ${text}`, /Up to date|list it|lists it/, note.code)
  }
})

function result(success: boolean, ...statuses: ProviderStatus[]): SyncResult {
  const counters = {
    totalModels: 0,
    newModels: 0,
    updatedModels: 0,
    unavailableModels: 0,
    restoredModels: 0,
    renamedModels: 0,
    unchangedModels: 0,
    rejectedModels: 0,
    filteredModels: 0,
    heldChanges: 0,
  }
  const providers: ProviderResult[] = statuses.map((status, index) => {
    return { ...counters, provider: `p${index}`, status, warnings: [], fetchMs: 1, applyMs: 1 }
  })
  const problems = providers.flatMap(({ provider, status }) =>
    status === 'failed'
      ? [{ provider, code: 'internal' as const, facts: { said: 'HTTP 500' }, message: 'HTTP 500' }]
      : [],
  )
  const errors = problems.map(({ provider, message }) => `${provider}: ${message}`)
  return {
    ...counters,
    success,
    errors,
    problems,
    warnings: [],
    syncedAt: '2026-11-21T10:00:00.000Z',
    runId: '1',
    trigger: 'manual',
    dryRun: false,
    durationMs: 2,
    revision: 1,
    providers,
  }
}
