/** Whatever upstream does wrong: the result says so, nothing of the catalogue moves, and the next sync is as if nothing had been. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost, statuses, type TestHost } from '../../support/host.js'
import { manyRows, modelRow, type LoopbackLiteLLM } from '../../support/loopback-litellm.js'

type Fault = NonNullable<Parameters<LoopbackLiteLLM['setFault']>[1]>

// No wait between the attempts.
const AT_ONCE = { 'retry-after': '0' }

const FAILURES: [name: string, fault: Fault, message: RegExp, requests: number][] = [
  ['401', { kind: 'status', status: 401 }, /GET \/model\/info answered 401.*set LITELLM_API_KEY/, 1],
  ['403', { kind: 'status', status: 403 }, /answered 403/, 1],
  ['404', { kind: 'status', status: 404 }, /answered 404.*check the address/, 1],
  ['429', { kind: 'status', status: 429, headers: AT_ONCE }, /answered 429.*tried 3 times/, 3],
  ['500', { kind: 'status', status: 500, headers: AT_ONCE }, /answered 500.*tried 3 times/, 3],
  ['no models configured', { kind: 'not-loaded' }, /answered 500.*LLM Model List not loaded/, 3],
  ['no answer', { kind: 'hang' }, /no answer .* within 400 ms/, 1],
  ['half an answer', { kind: 'stall' }, /stalled for 400 ms/, 1],
  ['truncated JSON', { kind: 'truncate' }, /truncated JSON/, 1],
  ['HTML', { kind: 'html' }, /HTML instead of JSON/, 1],
  ['nothing', { kind: 'empty-body' }, /empty body/, 1],
  ['another shape', { kind: 'json', body: { models: [] } }, /models.*\{"data": \[…\]\}/, 1],
  ['an error with 200', { kind: 'json', body: { data: [], error: { message: 'x' } } }, /error/, 1],
  ['100 MB', { kind: 'large', megabytes: 100 }, /over 64 MiB/, 1],
  ['a redirect elsewhere', { kind: 'redirect', location: 'http://127.0.0.2:1/' }, /another origin/, 1],
]

// A problem's facts may hold the problem behind it, and what can help.
const OBJECT = [1, 2, 3, 4, 5].reduce((inner) => `\\{(?:[^{}]|${inner})*\\}`, '\\{\\}')
const STATE = new RegExp(
  `"(last_attempt_at|failed_at|last_error|last_problem|stale_since|consecutive_failures)": ("(?:[^"\\\\]|\\\\.)*"|${OBJECT}|null|\\d+)`,
  'g',
)

/** What the faulty sync must leave as it was: everything but its run, and of the provider's row what says how it is. */
function withoutRun(dump: string): string {
  return dump
    .split('\n')
    .filter((line) => !/^sync_runs: |"trigger"/.test(line))
    .map((line) => line.replace(STATE, ''))
    .join('\n')
}

async function failsWith(t: Test, host: TestHost, message: RegExp, status: string): Promise<void> {
  const before = await host.database.dump()
  const seen = await host.lastSuccessAt()
  const result = await host.sync()
  t.strictSame(statuses(result), [status])
  t.equal(result.success, false)
  t.equal(result.errors.length, 1)
  t.match(result.errors[0], /^litellm: /)
  t.match(result.errors[0], message)
  t.notMatch(result.errors[0], host.litellm.key)
  t.strictSame(counts(result), {})
  t.equal(result.revision, 1)
  t.equal(withoutRun(await host.database.dump()), withoutRun(before), 'nothing but the run and the state is written')
  t.equal(await host.lastSuccessAt(), seen)
  const health = await host.get('/models/health')
  t.equal(health.status, 200, 'no orchestrator is to restart a host for it')
  t.match(health.body, { status: 'degraded', providers: [{ healthy: false, lastError: message }] })
  t.ok([...(await host.models()).values()].every(({ stale, availability }) => stale && availability === 'available'))
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database, { settings: { timeoutMs: 400 } })
  const { litellm } = host
  await host.reset(manyRows(3))
  await host.sync()

  // A key that may read neither listing has no names to fall back to.
  for (const [name, fault, message, requests] of FAILURES) {
    t.test(name, async (t) => {
      litellm.setFault('/model/info', fault)
      if (/^40[134]$/.test(name)) litellm.setFault('/v1/models', fault)
      litellm.requests.length = 0
      await failsWith(t, host, message, 'failed')
      t.equal(litellm.requests.filter(({ url }) => url === '/model/info').length, requests)

      litellm.setFault('/model/info', null)
      litellm.setFault('/v1/models', null)
      t.match(await host.sync(), { success: true, unchangedModels: 3, revision: 1 }, 'the next one is fine')
      t.match((await host.get('/models/health')).body, {
        status: 'ok',
        providers: [{ healthy: true, lastError: null, consecutiveFailures: 0 }],
      })
    })
  }

  t.test('the second listing fails: incomplete, so that nothing is applied', async (t) => {
    litellm.models.push(modelRow({ model_name: 'new' }))
    for (const fault of [{ kind: 'html' }, { kind: 'status', status: 403 }, { kind: 'hang' }] as const) {
      litellm.setFault('/v1/models', fault)
      await failsWith(t, host, /incomplete.*\/v1\/models/, 'incomplete')
    }
    litellm.setFault('/v1/models', null)
    t.match(await host.sync(), { success: true, newModels: 1, revision: 2 })
  })

  t.test('nothing listens', async (t) => {
    const other = await startHost(t, host.database, { settings: { litellm: { url: 'http://127.0.0.1:9' } } })
    const result = await other.sync()
    t.match(result.errors, [/^litellm: nothing listens at 127\.0\.0\.1:9 .*LITELLM_API_URL/])
    t.match(result, { success: false, unavailableModels: 0 })
  })
}
