/** GET /models/sync and /models/health never say that all is well while something is off, nor that something is off for ever. */
import t from 'tap'
import { databaseKinds } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'
import { loopback } from '../../support/loopback.js'

interface Status {
  lastSync: { runId: string; trigger: string } | null
  lastSuccess: { runId: string } | null
  needsSync: boolean
  held: number
  standing: { state: string; reasons: { code: string; level: string; facts: Record<string, unknown> }[] }
}

const status = async (host: TestHost): Promise<Status> => (await host.get<Status>('/models/sync')).body
/** State, codes, and what health says. */
const told = async (host: TestHost): Promise<string> => {
  const { standing } = await status(host)
  const health = (await host.get<{ status: string }>('/models/health')).body
  return [standing.state, ...standing.reasons.map(({ code }) => code), health.status].join(' ')
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`on ${kind}`, async (t) => {
    const database = await createDatabase(t)
    // A vendor that refuses until it is told otherwise.
    let answers = false
    const vendor = await loopback(t, (_request, response) => {
      response.statusCode = answers ? 200 : 401
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({ object: 'list', data: [{ id: 'gpt-4o', object: 'model', created: 1, owned_by: 'x' }] }),
      )
    })
    const host = await startHost(t, database, {
      litellm: { models: manyRows(4) },
      settings: {
        staleDays: 1,
        // Nobody hears it; that it fails is not told before it is given up.
        news: { ops: { type: 'slack', url: 'http://127.0.0.1:9/hook' } },
        newsAllowPrivateTargets: true,
        providerOptions: { openai: { baseUrl: vendor.url, apiKey: 'sk-0123456789' } },
      },
    })
    const patch = (url: string, payload: object) => host.request({ method: 'PATCH', url, payload })

    t.equal(await told(host), 'never-synced never-synced ok')
    await host.sync()
    t.equal(await told(host), 'ok ok', 'in step')

    await t.test('a provider that no schedule asks for fails once', async (t) => {
      const failed = await host.sync({ providers: ['openai'] })
      t.equal(failed.success, false)
      t.match(await status(host), {
        needsSync: false,
        standing: {
          state: 'ok',
          reasons: [{ code: 'last-run-failed', level: 'note', facts: { providers: ['openai'] } }],
        },
      })
      t.match((await host.get('/models/health')).body, {
        status: 'ok',
        problems: [],
        providers: [
          { provider: 'litellm', healthy: true },
          { provider: 'openai', healthy: false, lastError: /401/ },
        ],
      })
      await host.sync()
      t.equal(await told(host), 'ok ok', 'the next sync of what is scheduled ends it')
      t.match((await host.get('/providers/openai')).body, { healthy: false }, 'its own card still says so')
      answers = true
    })

    await t.test('its success makes nothing else young', async (t) => {
      await host.pool.query(`UPDATE model_sync.sync_runs SET started_at = started_at - interval '25 hours'`)
      await host.sync({ providers: ['openai'] })
      t.match(await status(host), { needsSync: true, standing: { reasons: [{ code: 'stale' }] } })
      t.equal(await told(host), 'attention stale degraded')
      await host.sync()
      t.equal(await told(host), 'ok ok')
    })

    await t.test('news that are switched off', async (t) => {
      await patch('/models/news/ops', { enabled: false })
      t.equal(await told(host), 'attention news-disabled degraded')
      await patch('/models/news/ops', { enabled: true })
      t.equal(await told(host), 'ok ok')
    })

    await t.test('a provider that is disabled, with its models gone', async (t) => {
      await patch('/providers/openai', { enabled: false })
      t.match((await status(host)).standing.reasons, [
        { code: 'provider-disabled', level: 'note', facts: { providers: ['openai'], models: 1 } },
      ])
      t.equal(await told(host), 'ok provider-disabled ok')
      await patch('/providers/openai', { enabled: true })
      t.equal(await told(host), 'ok ok')
    })

    await t.test('an undo is no sync', async (t) => {
      host.litellm.models.push(...manyRows(5).slice(4))
      const { runId, newModels } = await host.sync()
      t.equal(newModels, 1)
      await host.request({ method: 'POST', url: `/models/sync/history/${runId!}/undo` })
      t.match(await status(host), { lastSync: { runId, trigger: 'manual' }, lastSuccess: { runId } })
      t.equal(await told(host), 'ok undone ok', 'nor is anything up to date by it')
      const { rows } = await host.pool.query('SELECT id FROM model_sync.model_sync_history WHERE id <> $1', [runId])
      const runs = await host.pool.query(`SELECT id FROM model_sync.sync_runs WHERE trigger <> 'undo' AND id <> $1`, [
        runId,
      ])
      t.equal(rows.length, runs.rows.length)
      host.litellm.models.pop()
      await host.sync()
      t.equal(await told(host), 'ok ok')
    })

    await t.test('held changes, and a failed sync', async (t) => {
      const models = host.litellm.models.splice(0)
      await host.sync()
      t.match(await status(host), { held: 4 })
      t.equal(await told(host), 'attention held degraded')
      host.litellm.models.push(...models)
      host.litellm.setFault('/model/info', { kind: 'html' })
      host.litellm.setFault('/v1/models', { kind: 'html' })
      await host.sync()
      t.equal(await told(host), 'failing last-run-failed provider-failing held degraded')
      t.match((await host.get('/models/health')).body, {
        problems: [/^the last sync failed for litellm/, /could not be read/, /^4 changes of litellm wait/],
      })
    })
  })
