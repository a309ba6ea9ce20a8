/** Each guard trips with its own code, in the plan, the result, the run and the provider's state; and each has a way out. */
import type { Test } from 'tap'
import { json, loopback } from '../../support/loopback.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import type { TestDatabase } from '../../support/databases.js'
import { bearer, type Source } from '../../../src/sources/kit/source.js'
import { infoOf, only, rows, serve, startServices, startTrustHost, type TrustHost } from './support.js'

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

/** Syncs, and checks that every place tells the same code. */
async function trip(t: Test, host: TrustHost, reason: string, held: number, body: object = {}): Promise<void> {
  const plan = await host.plan(body)
  t.strictSame(
    plan.held.map((change) => change.reason),
    Array.from({ length: held }, () => reason),
    'the plan',
  )
  const result = await host.sync(body)
  t.match(only(result), { status: 'held', reason, heldChanges: held, error: new RegExp(reason) }, 'the result')
  t.match(result, { success: false, heldChanges: held })
  t.match(result.errors, [/^litellm: .*held until a person approves/])
  t.equal(result.errors.length, 1)
  const run = await host.get(`/models/sync/history/${result.runId}`)
  t.match(run.body, { success: false, result: { providers: [{ reason }], errors: result.errors } }, 'the run')
  const health = await host.get('/models/health')
  t.match(health, { status: 200, body: { status: 'degraded', providers: [{ lastError: only(result).error }] } })
  t.match((await host.get('/models/sync')).body, { held })
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database, { settings: { maxBodyBytes: 1024 * 1024 } })
  const { litellm } = host
  const start = async (...models: Parameters<typeof rows>) => {
    await host.reset(rows(...models))
    await host.sync()
  }
  const availableNow = async () =>
    [...(await host.models()).values()].filter(({ availability }) => availability === 'available').length

  t.test('an answer without models', async (t) => {
    await start('a', 'b')
    serve(litellm, [])
    await trip(t, host, 'empty-answer', 2)
    await trip(t, host, 'empty-answer', 2, { forceUpdate: true })
    t.equal(await availableNow(), 2)
    t.match(await host.approve(), { success: true, unavailableModels: 2, heldChanges: 0 })
    t.equal(await availableNow(), 0)
  })

  t.test('too many models gone at once', async (t) => {
    await start(...TEN)
    serve(litellm, rows('a', 'b', 'c', 'd'))
    await trip(t, host, 'mass-removal', 6)
    await trip(t, host, 'mass-removal', 6, { forceUpdate: true })
    t.equal(await availableNow(), 10)
    t.match(await host.approve({ forceUpdate: true }), { success: true, unavailableModels: 6 })
    t.equal(await availableNow(), 4)
  })

  t.test('a price that jumps', async (t) => {
    const price = (model: string, value: unknown) => (infoOf(litellm, model)['input_cost_per_token'] = value)
    await start(
      ...['up', 'down', 'free', 'paid', 'known', 'unknown', 'little', 'returns'].map(
        (name) => [name, {}] as [string, Record<string, unknown>],
      ),
    )
    for (const [model, value] of [
      ['paid', 0],
      ['known', null],
    ] as const)
      price(model, value)
    infoOf(litellm, 'known')['output_cost_per_token'] = null
    await host.approve()
    const [gone] = litellm.models.splice(7, 1)
    await host.sync()

    for (const [model, value] of Object.entries({
      up: 0.000025,
      down: 0.00000025,
      free: 0,
      paid: 0.000001,
      known: 5,
      little: 0.0000249,
    }))
      price(model, value)
    infoOf(litellm, 'known')['output_cost_per_token'] = 5
    infoOf(litellm, 'unknown')['input_cost_per_token'] = null
    infoOf(litellm, 'up')['max_input_tokens'] = 7
    gone!.model_info['input_cost_per_token'] = 1
    litellm.models.push(gone!)
    const plan = await host.plan()
    t.strictSame(
      plan.held.map(({ modelId, kind, field, from, to }) => [modelId, kind, field, from, to]),
      [
        ['litellm/down', 'updated', 'inputCostPerToken', '0.0000025', '0.00000025'],
        ['litellm/free', 'updated', 'inputCostPerToken', '0.0000025', '0'],
        ['litellm/paid', 'updated', 'inputCostPerToken', '0', '0.000001'],
        ['litellm/up', 'updated', 'inputCostPerToken', '0.0000025', '0.000025'],
      ],
    )
    await trip(t, host, 'price-jump', 4)
    const models = await host.models()
    t.match(models.get('up'), { inputCostPerToken: '0.0000025', contextLength: 7 }, 'the rest of the model is synced')
    t.match(models.get('known'), { inputCostPerToken: '5', outputCostPerToken: '5' }, 'unknown is no price')
    t.equal(models.get('unknown')?.inputCostPerToken, null)
    t.equal(models.get('little')?.inputCostPerToken, '0.0000249', 'less than ten times')
    t.equal(models.get('returns')?.inputCostPerToken, '1', 'a restored model takes its price unchecked')
    await trip(t, host, 'price-jump', 4, { forceUpdate: true })

    t.match(await host.approve(), { success: true, updatedModels: 4 })
    t.strictSame(
      [...(await host.models()).values()].map(({ inputCostPerToken }) => inputCostPerToken).sort(),
      ['0', '0.00000025', '0.000001', '0.000025', '0.0000249', '1', '5', null].sort(),
    )
    t.match(await host.sync(), { success: true })
  })

  t.test('every token price is guarded', async (t) => {
    const prices = [
      'input_cost_per_token',
      'output_cost_per_token',
      'cache_read_input_token_cost',
      'cache_creation_input_token_cost',
    ]
    await start(['a', Object.fromEntries(prices.map((price) => [price, 0.001]))])
    for (const price of prices) infoOf(litellm, 'a')[price] = 0.1
    await trip(t, host, 'price-jump', 4)
    t.match(await host.approve(), { success: true, updatedModels: 1 })
    t.match((await host.models()).get('a'), {
      outputCostPerToken: '0.1',
      cacheReadCostPerToken: '0.1',
      cacheWriteCostPerToken: '0.1',
    })
  })

  t.test('several guards at once are each told', async (t) => {
    await start(...TEN)
    serve(litellm, rows('a'))
    infoOf(litellm, 'a')['input_cost_per_token'] = 0
    t.match((await host.sync()).errors, [
      /9 models.*a price jumps.*\((price-jump, mass-removal|mass-removal, price-jump)\)/,
    ])
    litellm.models.push(...rows(...TEN.slice(1)))
    infoOf(litellm, 'a')['input_cost_per_token'] = 0.0000025
    t.match(
      await host.sync(),
      { success: true, heldChanges: 0 },
      'nothing is held any more when upstream is well again',
    )
    t.match((await host.get('/models/sync')).body, { held: 0 })
  })

  t.test('what a failing listing leaves: only the provider’s own state', async (t) => {
    await start('a', 'b', 'c')
    const state = async () => {
      const { rows } = await host.pool.query<Record<string, unknown>>(
        `SELECT last_attempt_at, last_success_at, last_error, consecutive_failures, stale_since FROM model_sync.providers`,
      )
      return rows[0]!
    }
    const before = await state()
    t.match(before, { last_error: null, consecutive_failures: 0, stale_since: null })
    const models = [...(await host.models()).values()]
    const { body: revision } = await host.get('/models/health')

    for (const [path, fault, status, reason] of [
      ['/model/info', { kind: 'status', status: 500, times: 3 }, 'failed', 'upstream'],
      ['/model/info', { kind: 'truncate' }, 'failed', 'malformed-answer'],
      ['/v1/models', { kind: 'status', status: 401 }, 'incomplete', 'incomplete-listing'],
      ['/model/info', { kind: 'large', megabytes: 2 }, 'failed', 'body-too-large'],
    ] as const) {
      litellm.setFault(path, fault)
      const result = await host.sync({ forceUpdate: true })
      t.match(only(result), { status, reason, error: String }, reason)
      t.match(result, { success: false, unavailableModels: 0 })
      t.match((await host.get(`/models/sync/history/${result.runId}`)).body, { result: { providers: [{ reason }] } })
      litellm.setFault(path, null)
    }
    const after = await state()
    t.equal(after['consecutive_failures'], 4)
    t.match(after, { last_error: /MiB|bytes/, last_success_at: before['last_success_at'] })
    t.ok(after['stale_since'] !== null && after['last_attempt_at']! > before['last_attempt_at']!)
    t.ok(after['stale_since']! < after['last_attempt_at']!, 'since the first of them')
    t.strictSame(
      [...(await host.models()).values()],
      models.map((model) => ({ ...model, stale: true })),
      'but for stale',
    )
    t.equal(
      (await host.get<{ revision: number }>('/models/health')).body.revision,
      (revision as { revision: number }).revision,
    )

    t.match(await host.sync(), { success: true })
    t.match(await state(), { last_error: null, consecutive_failures: 0, stale_since: null })
    t.equal((await host.model('litellm/a')).stale, false)
  })

  t.test('why a model is not available', async (t) => {
    await start('omitted', 'deprecated', 'operator', 'stays')
    litellm.models.shift()
    infoOf(litellm, 'deprecated')['deprecation_date'] = '2020-01-01'
    await host.patch('litellm/operator', { availability: 'unavailable' })
    t.match(await host.sync(), { success: true, unavailableModels: 2 })
    for (const reason of ['omitted', 'deprecated', 'operator']) {
      t.match(await host.model(`litellm/${reason}`), {
        availability: 'unavailable',
        unavailableReason: reason,
        unavailableSince: /^\d{4}-/,
        lastSeenAt: /^\d{4}-/,
        stale: false,
      })
    }
    infoOf(litellm, 'deprecated')['deprecation_date'] = null
    litellm.models.push(...rows('omitted'))
    t.match(await host.sync(), { restoredModels: 2 })
    t.match(await host.model('litellm/deprecated'), {
      availability: 'available',
      unavailableReason: null,
      unavailableSince: null,
    })
  })
  if (database.kind === 'pglite') return

  t.test('a catalogue does not melt away within a day', async (t) => {
    const services = await startServices(t, database)
    const { litellm, modelSync } = services
    const names = Array.from({ length: 32 }, (_, index) => `model-${index}`)
    const keep = async (count: number) => {
      serve(litellm, rows(...names.slice(0, count)))
      return modelSync.syncModels()
    }
    await keep(32)
    for (const count of [26, 21, 16]) {
      services.advance({ hours: 6 })
      t.match(await keep(count), { success: true })
    }
    services.advance({ hours: 5 })
    t.match(await keep(12), { success: false, heldChanges: 4 }, '12 of 32')
    services.advance({ hours: 7 })
    t.match(await keep(12), { heldChanges: 4 }, '32 were there until the first of them went, 24 hours ago')
    services.advance({ minutes: 1 })
    t.match(await keep(12), { success: true, unavailableModels: 4 }, 'a day later it is 12 of 26')

    services.advance({ hours: 1 })
    t.match(await keep(6), { heldChanges: 6 }, '6 of 21')
    t.match(await services.approve(), { success: true, unavailableModels: 6 })
    t.match(await keep(3), { success: true, unavailableModels: 3 }, 'counted anew from what was approved')
    t.match(await keep(0), { success: false, heldChanges: 3 }, 'nothing at all is another guard')
  })

  t.test('a size that nobody has looked at for days still counts', async (t) => {
    const services = await startServices(t, database)
    const { litellm, modelSync } = services
    serve(litellm, rows(...TEN))
    await modelSync.syncModels()
    services.advance({ days: 9 })
    serve(litellm, rows('a'))
    t.match(await modelSync.syncModels(), { heldChanges: 9 })
  })

  t.test('misses count healthy listings, and survive what is no listing', async (t) => {
    const services = await startServices(t, database, { settings: { missesBeforeUnavailable: 2 } })
    const { litellm, modelSync } = services
    serve(litellm, rows('a', 'b'))
    await modelSync.syncModels()
    const [a] = litellm.models.splice(0, 1)
    t.match(await modelSync.syncModels(), { success: true, unavailableModels: 0 })
    litellm.setFault('/v1/models', { kind: 'status', status: 403 })
    t.match(await modelSync.syncModels(), { providers: [{ status: 'incomplete' }] })
    litellm.setFault('/v1/models', null)
    t.match(await modelSync.syncModels({ dryRun: true }), { unavailableModels: 1 }, 'a dry run counts nothing')
    litellm.models.push(a!)
    t.match(await modelSync.syncModels(), { success: true, unavailableModels: 0 })
    litellm.models.pop()
    t.match(await modelSync.syncModels(), { unavailableModels: 0 }, 'back once: from the start again')
    t.match(await modelSync.syncModels(), { unavailableModels: 1 }, 'the same body counts')

    serve(litellm, [])
    t.match(
      await modelSync.syncModels(),
      { success: true, unavailableModels: 0, heldChanges: 0 },
      'an empty answer counts',
    )
    t.match(await modelSync.syncModels(), { success: false, heldChanges: 1 }, 'and is held when it would count')
  })

  t.test('a listing of pages', async (t) => {
    let pages: ((page: number) => { status?: number; ids?: string[]; more?: boolean }) | null = null
    const upstream = await loopback(t, (request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 1)
      const { status = 200, ids = [], more = false } = pages?.(page) ?? {}
      json(response, { data: ids.map((id) => ({ id })), more }, status)
    })
    const paged = {
      slug: 'paged',
      name: 'Paged',
      description: 'Pages.',
      homepage: 'https://example.com',
      version: 1,
      baseUrl: null,
      key: { variables: [], required: false, headers: bearer },
      listings: [
        {
          path: '/list',
          entries: (body) => (body as { data: unknown[] }).data,
          next: (body, page) => ((body as { more: boolean }).more ? { query: { page: String(page + 1) } } : null),
          identify: (entry) => (entry as { id: string }).id,
          parse: (entry) =>
            (entry as { id: string }).id.startsWith('bad')
              ? { kind: 'rejected', reason: 'bad' }
              : { kind: 'model', fields: {} },
          members: { keep: 'id' },
        },
      ],
    } satisfies Source
    const host = await startTrustHost(t, database, {
      settings: {
        sources: [paged],
        providers: ['paged'],
        maxPages: 3,
        providerOptions: { paged: { baseUrl: upstream.url } },
      },
    })
    await host.reset()
    const available = async () =>
      [...(await host.models()).values()].filter(({ availability }) => availability === 'available').length
    const whole = (page: number) => ({ ids: [`p${page}a`, `p${page}b`], more: page < 3 })
    pages = whole
    t.match(await host.sync(), { success: true, newModels: 6 })

    for (const [what, answer, status, reason] of [
      ['a page that fails', (page) => (page === 2 ? { status: 404 } : whole(page)), 'incomplete', 'incomplete-listing'],
      ['a page that repeats', (page) => ({ ...whole(Math.min(page, 2)), more: true }), 'failed', 'repeated-page'],
      ['too many pages', (page) => ({ ...whole(page), more: true }), 'failed', 'too-many-pages'],
      [
        'too many malformed entries',
        (page) => ({ ids: [`p${page}a`, page === 1 ? 'p1b' : `bad${page}`], more: page < 3 }),
        'failed',
        'malformed-entries',
      ],
    ] as [string, NonNullable<typeof pages>, string, string][]) {
      pages = answer
      const plan = await host.sync({ dryRun: true })
      t.match(only(plan), { status, reason }, `${what}: the dry run`)
      t.strictSame(plan.plan?.providers, [], 'there is nothing to plan')
      const result = await host.sync()
      t.match(only(result), { status, reason, unavailableModels: 0, newModels: 0, updatedModels: 0 }, what)
      t.match((await host.get(`/models/sync/history/${result.runId}`)).body, { result: { providers: [{ reason }] } })
      t.equal(await available(), 6)
    }
    pages = (page) => ({ ids: [`p${page}a`, page === 1 ? 'bad' : `p${page}b`], more: page < 3 })
    t.match(await host.sync(), { success: true, rejectedModels: 1, unavailableModels: 1 }, 'one of six is not too many')
  })

  t.test('each guard is an option, of all and of one provider', async (t) => {
    const other = await startLoopbackLiteLLM({ models: [], key: null })
    t.teardown(() => other.close())
    const host = await startTrustHost(t, database, {
      settings: {
        providers: ['litellm', 'other'],
        openaiCompatible: [{ slug: 'other', url: other.url }],
        maxRemovalPercent: 20,
        maxPriceFactor: 3,
        maxRejectedPercent: 5,
        providerOptions: { other: { maxRemovalPercent: 100, minRemovals: 5, missesBeforeUnavailable: 2 } },
      },
    })
    await host.reset()
    const { litellm } = host
    const both = async () => {
      const { providers } = await host.sync()
      return providers.map(({ provider, status, unavailableModels, reason = null }) => [
        provider,
        status,
        unavailableModels,
        reason,
      ])
    }
    serve(litellm, rows(...TEN))
    serve(other, rows(...TEN))
    await both()
    serve(litellm, rows(...TEN.slice(3)))
    serve(other, rows('a'))
    t.strictSame(await both(), [
      ['litellm', 'held', 0, 'mass-removal'],
      ['other', 'ok', 0, null],
    ])
    t.strictSame(await both(), [
      ['litellm', 'held', 0, 'mass-removal'],
      ['other', 'ok', 9, null],
    ])
    serve(litellm, rows(...TEN))
    infoOf(litellm, 'a')['input_cost_per_token'] = 0.000008
    t.match((await both())[0], ['litellm', 'held', 0, 'price-jump'])
    litellm.models.push(...rows(''))
    t.match((await both())[0], ['litellm', 'failed', 0, 'malformed-entries'])
  })
}
