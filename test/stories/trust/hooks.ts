/** The host's hook in the transaction, what hangs on models that would go, and who is told afterwards. */
import type { Test } from 'tap'
import type { PoolClient } from 'pg'
import type { AppliedChange } from '../../../src/services/applied-changes.js'
import type { TestDatabase } from '../../support/databases.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { infoOf, only, rows, serve, startServices, startTrustHost } from './support.js'

type OnApply = (client: PoolClient, changes: readonly AppliedChange[], provider: string) => Promise<void> | void

const NAMES = ['a', 'b', 'c', 'd', 'e']

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  t.test('a hook', async (t) => {
    let onApply: OnApply | null = null
    const events: { provider: string; runId: string; changes: readonly AppliedChange[] }[] = []
    const host = await startTrustHost(t, database, {
      settings: {
        onApply: (...given) => onApply?.(...given),
        impact: (models) => [
          { label: 'subscriptions', count: 4 * models.length },
          ...models.map(({ modelId, reason }) => ({ label: `keys (${reason})`, count: 1, modelId })),
        ],
      },
    })
    const { litellm, app, pool } = host
    app.modelSync.on('applied', (event) => events.push(event))
    await pool.query('CREATE TABLE subscriptions (model text PRIMARY KEY, active boolean NOT NULL)')
    const start = async () => {
      onApply = null
      await host.reset(rows(...NAMES))
      await host.sync()
      events.length = 0
      await pool.query('TRUNCATE subscriptions')
      for (const name of NAMES) await pool.query('INSERT INTO subscriptions VALUES ($1, true)', [`litellm/${name}`])
    }
    const active = async () =>
      (await pool.query<{ model: string }>('SELECT model FROM subscriptions WHERE active ORDER BY 1')).rows.map(
        ({ model }) => model,
      )

    t.test('it writes in the same transaction, and is told what changes', async (t) => {
      await start()
      let told: readonly AppliedChange[] = []
      onApply = async (client, changes, provider) => {
        t.equal(provider, 'litellm')
        told = changes
        for (const { kind, modelId } of changes)
          if (kind === 'unavailable')
            await client.query('UPDATE subscriptions SET active = false WHERE model = $1', [modelId])
        const { rows } = await client.query(`SELECT availability FROM model_sync.models WHERE provider_model_id = 'a'`)
        t.strictSame(rows, [{ availability: 'unavailable' }], 'it sees what is written so far')
      }
      serve(litellm, rows(['b', { max_input_tokens: 7 }], 'c', 'd', 'E', 'new'))
      const result = await host.sync()
      t.match(result, { success: true, unavailableModels: 1, newModels: 1, updatedModels: 1, renamedModels: 1 })
      t.strictSame(await active(), ['litellm/b', 'litellm/c', 'litellm/d', 'litellm/e'])
      const brief = (changes: readonly AppliedChange[]) =>
        changes.map(({ modelId, kind, field }) => `${modelId} ${kind} ${field ?? ''}`).sort()
      t.strictSame(brief(told), [
        'litellm/E renamed ',
        'litellm/E updated name',
        'litellm/a unavailable ',
        'litellm/b updated contextLength',
        'litellm/new added ',
      ])
      t.match(
        told.find(({ field }) => field === 'contextLength'),
        { from: 128_000, to: 7 },
      )
      t.match(
        told.find(({ kind }) => kind === 'added'),
        { to: { name: 'new', contextLength: 128_000 } },
      )
      t.match(events, [{ provider: 'litellm', runId: result.runId }])
      t.strictSame(brief(events[0]!.changes), brief(told), 'after the commit, whoever listens')

      told = []
      t.match(await host.sync(), { success: true })
      t.strictSame([told, events.length], [[], 1], 'where nothing changes, nobody is asked or told')
    })

    t.test('one that throws half-way takes everything back, and the result says why', async (t) => {
      await start()
      onApply = async (client) => {
        await client.query('UPDATE subscriptions SET active = false')
        throw new Error('the billing system says no')
      }
      serve(litellm, rows('a', 'new', 'c', 'd', 'e'))
      const before = await host.database.dump()
      const result = await host.sync()
      t.match(result, { success: false, newModels: 0, unavailableModels: 0, runId: String })
      t.match(only(result), {
        status: 'failed',
        reason: 'on-apply',
        error: /onApply refused.*the billing system says no/,
      })
      t.strictSame((await host.models()).size, 5)
      t.strictSame(
        await active(),
        NAMES.map((name) => `litellm/${name}`),
      )
      const models = (dump: string) => dump.slice(dump.indexOf('model_changes:'), dump.indexOf('providers:'))
      t.equal(models(await host.database.dump()), models(before), 'models and changelog are as they were')
      t.strictSame(events, [])
      t.match((await host.get('/models/health')).body, { status: 'degraded', providers: [{ lastError: /billing/ }] })

      for (const refusal of [
        () => {
          throw new Error('at once')
        },
        () => Promise.reject('a text'),
        (client: PoolClient) => client.query('SELECT nonsense').then(() => undefined),
      ] satisfies OnApply[]) {
        onApply = refusal
        t.match(only(await host.sync()), { reason: 'on-apply', error: /at once|a text|nonsense/ })
      }
      onApply = null
      t.match(await host.sync(), { success: true, newModels: 1, unavailableModels: 1 }, 'and the next one does it all')
      t.match((await host.get('/models/health')).body, { status: 'ok' })
    })

    t.test('an approval asks it, too, and so does an undo', async (t) => {
      await start()
      serve(litellm, rows('a'))
      const { planHash } = await host.sync({ dryRun: true })
      const asked: number[] = []
      onApply = (_client, changes) => {
        asked.push(changes.length)
        if (asked.length === 1) throw new Error('not yet')
      }
      t.match(only(await host.sync({ planHash })), { status: 'failed', reason: 'on-apply' })
      const approved = await host.sync({ planHash })
      t.match(approved, { success: true, unavailableModels: 4 }, 'what was refused can be approved again')
      t.strictSame(asked, [4, 4])
      t.match((await host.undo(approved.runId)).body, { success: true, restoredModels: 4 })
      t.strictSame(asked, [4, 4, 4])
      t.match(
        events.map(({ changes }) => changes.map(({ kind }) => kind)[0]),
        ['unavailable', 'restored'],
      )
    })

    t.test('the impact of what would go is in the plan', async (t) => {
      await start()
      serve(litellm, rows('a', 'b', 'c'))
      infoOf(litellm, 'a')['deprecation_date'] = '2020-01-01'
      const { impact = [] } = await host.plan()
      // In the order of the table's pages, which the autovacuum changes.
      const sorted = [...impact].sort((one, other) => ((one.modelId ?? '') < (other.modelId ?? '') ? -1 : 1))
      t.strictSame(sorted, [
        { label: 'subscriptions', count: 12 },
        { label: 'keys (deprecated)', count: 1, modelId: 'litellm/a' },
        { label: 'keys (omitted)', count: 1, modelId: 'litellm/d' },
        { label: 'keys (omitted)', count: 1, modelId: 'litellm/e' },
      ])
      serve(litellm, [])
      t.match((await host.plan()).impact, [{ label: 'subscriptions', count: 20 }], 'of held removals as well')
      serve(litellm, rows(...NAMES, 'new'))
      t.strictSame((await host.plan()).impact, [])
    })
  })

  t.test('a hook that does not end', async (t) => {
    let onApply: OnApply = () => undefined
    const services = await startServices(t, database, {
      hooks: { timeoutMs: 200, onApply: (...given) => onApply(...given) },
    })
    const { modelSync, litellm, pool } = services
    serve(litellm, rows(...NAMES))
    await modelSync.syncModels()
    serve(litellm, rows('a', 'b', 'c', 'new'))
    const hanging: [string, OnApply][] = [
      ['waits for ever', () => new Promise<void>(() => undefined)],
      ['waits in the database', async (client) => void (await client.query('SELECT pg_sleep(0.6)'))],
      // On the embedded database every connection is one session, so that this one waits for us.
      [
        'asks another connection for what we hold',
        async () => void (await pool.query('UPDATE model_sync.models SET hidden = hidden')),
      ],
    ]
    for (const [what, hook] of hanging) {
      onApply = hook
      const result = await modelSync.syncModels()
      t.match(
        only(result),
        { status: 'failed', reason: 'on-apply', error: /longer than 0\.2 s, so nothing was applied/ },
        what,
      )
      t.equal((await services.models()).size, 5, 'and the catalogue answers')
    }
    onApply = () => undefined
    t.match(await modelSync.syncModels(), { success: true, newModels: 1, unavailableModels: 2 })
  })

  if (database.kind === 'pglite') return
  t.test('what a host does wrong beside it costs nobody anything', async (t) => {
    const litellm = await startLoopbackLiteLLM({ models: rows('a', 'b') })
    t.teardown(() => litellm.close())
    const host = await startTrustHost(t, database, {
      litellm,
      settings: {
        impact: () => {
          throw new Error('no idea')
        },
      },
    })
    await host.reset()
    const told: string[] = []
    const listener = (): void => void told.push('second')
    host.app.modelSync.on('applied', () => {
      throw new Error('a bad listener')
    })
    host.app.modelSync.on('applied', listener)
    t.match(await host.sync(), { success: true, newModels: 2 })
    t.strictSame(told, ['second'], 'the others are told all the same')
    host.app.modelSync.off('applied', listener)
    t.match(host.log.messages(50), [/listener/])

    litellm.models.pop()
    t.match(await host.sync({ dryRun: true }), {
      success: true,
      warnings: [/the impact is not known: no idea/],
      plan: { providers: [{ impact: [] }] },
    })
    t.match(await host.sync(), { success: true, unavailableModels: 1 })
  })
}
