/** A sync that finds nothing new writes its run and the provider's row, and nothing else. */
import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost, statuses } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'

/** A dump without what a run that changed nothing may write, and what it wrote there. */
function split(dump: string): { rest: string; provider: Record<string, unknown>; runs: number } {
  const tables = dump.split(/^(?=\w+: \d+ rows$)/m)
  const find = (table: string): string => tables.find((text) => text.startsWith(`${table}: `)) ?? ''
  const [, provider = '{}'] = find('providers').split('\n')
  return {
    rest: tables.filter((text) => !/^(providers|sync_runs): /.test(text)).join(''),
    provider: JSON.parse(provider) as Record<string, unknown>,
    runs: Number(/: (\d+) rows/.exec(find('sync_runs'))?.[1]),
  }
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database)
  const { litellm } = host
  const rows = () => [
    ...manyRows(60),
    modelRow({
      model_name: 'priced',
      model_info: { tpm: 3_000_000_000, tiered_pricing: [{ range: [0, 10], input_cost_per_token: 1e-7 }] },
    }),
    modelRow({ model_name: 'balanced', model_info: { id: 'a'.repeat(64), input_cost_per_token: 0.001 } }),
    modelRow({ model_name: 'balanced', model_info: { id: 'b'.repeat(64), supports_vision: true } }),
  ]

  /** Syncs, and checks that nothing moved that should not. */
  async function syncsToNothing(t: Test, status: string, how: string): Promise<void> {
    const before = split(await host.database.dump())
    const result = await host.sync()
    const after = split(await host.database.dump())
    t.equal(result.success, true, how)
    t.strictSame(statuses(result), [status], how)
    t.strictSame(counts(result), { totalModels: 62, unchangedModels: 62 }, how)
    t.equal(result.revision, 1, `${how}: the revision stays`)
    t.equal(after.rest, before.rest, `${how}: no model, change, entry or revision moved`)
    t.equal(after.runs, before.runs + 1, `${how}: the run is on record`)
    const { last_attempt_at, last_success_at, answered_at, state_version, fingerprint, recent_sizes, ...rest } =
      before.provider
    const { run_id, run_result, ...provider } = rest
    t.match(after.provider, provider, `${how}: of the provider only its times moved, and which run asked`)
    t.ok(String(after.provider['last_success_at']) > String(last_success_at), `${how}: lastSeenAt moves on`)
    for (const model of (await host.models()).values()) {
      if (model.lastSeenAt !== (await host.lastSuccessAt())) t.fail(`${model.id} was not seen`)
      break
    }
  }

  t.test('the same body', async (t) => {
    await host.reset(rows())
    await host.sync()
    await syncsToNothing(t, 'not-modified', 'same bytes')
    await syncsToNothing(t, 'not-modified', 'again')
  })

  t.test('304, also after a restart of the process', async (t) => {
    await host.reset(rows())
    litellm.setEtag(true)
    await host.sync()
    litellm.requests.length = 0
    await syncsToNothing(t, 'not-modified', 'ETag')
    t.ok(
      litellm.requests.every(
        ({ url, headers }) => url === '/model/deprecations' || headers['if-none-match'] !== undefined,
      ),
      'each listing is asked for conditionally',
    )
    const other = await startHost(t, host.database, { litellm })
    t.strictSame(statuses(await other.sync()), ['not-modified'], 'what a new process knows is in the database')
  })

  t.test(
    'what is left out and what is warned of: said again, however the answer is found to be unchanged',
    async (t) => {
      const odd = modelRow({ model_name: 'odd', model_info: { max_input_tokens: -5, deprecation_date: 'soon' } })
      await host.reset([...rows(), odd, modelRow({ model_name: 'vendor/*' }), modelRow({ model_name: '' })])
      const { filteredModels, rejectedModels, warnings, totalModels } = await host.sync()
      const said = { filteredModels, rejectedModels, warnings, totalModels }
      t.match(said, { filteredModels: 1, rejectedModels: 2, totalModels: 63 })
      t.match(warnings.join(), /odd: .*malformed entries/)
      const again = async (status: string, how: string) => {
        const result = await host.sync()
        t.strictSame(statuses(result), [status], how)
        t.strictSame(
          {
            filteredModels: result.filteredModels,
            rejectedModels: result.rejectedModels,
            warnings: result.warnings,
            totalModels: result.totalModels,
          },
          said,
          how,
        )
      }
      await again('not-modified', 'same bytes')
      await again('not-modified', 'again')
      litellm.setEtag(true)
      await again('not-modified', 'the first with an ETag')
      await again('not-modified', '304')
      for (const { model_info } of litellm.models) model_info['our_own_note'] = 'changed'
      await again('ok', 'other bytes')
      await again('not-modified', 'and the same bytes again')
      const { body } = await host.get<{ models: unknown[] }>('/models?search=odd')
      t.equal(body.models.length, 1)
      const fetched = async () =>
        (await host.request<{ details: object }>({ method: 'POST', url: '/admin/model-sync/provider/litellm' })).body
          .details
      t.match(
        await fetched(),
        { models_fetched: 66, models_skipped: 3, models_synced: 63 },
        'nor does the older API wander',
      )
      t.match((await host.sync({ dryRun: true })).plan?.providers, [{ filtered: 1, unchanged: 63 }])
    },
  )

  t.test('a key that may only list names is warned of each time, the backend’s and a user’s own', async (t) => {
    const user = await startHost(t, host.database, {
      litellm,
      settings: {
        user: () => 'ann',
        authorizeUser: [async () => undefined],
        encryptionKey: randomBytes(32).toString('base64'),
      },
    })
    await host.reset(rows())
    const { key: apiKey } = litellm
    await user.request({ method: 'PUT', url: '/models/credentials/litellm', payload: { apiKey } })
    const own = async (payload: object = {}) =>
      (await user.request<SyncResult>({ method: 'POST', url: '/models/sync?keys=own', payload })).body
    for (const [whose, sync] of [
      ['the backend', host.sync],
      ['a user', own],
    ] as const) {
      await sync()
      litellm.setFault('/model/info', { kind: 'status', status: 401 })
      const warnings = [/GET \/model\/info answered 401: this key may only list names/]
      t.match(await sync(), { providers: [{ status: 'ok' }], warnings }, whose)
      for (const dryRun of [false, true])
        t.match(await sync(dryRun ? { dryRun } : {}), { providers: [{ status: 'not-modified' }], warnings }, whose)
      litellm.setFault('/model/info', null)
      t.strictSame((await sync()).warnings, [], `${whose}: gone with its cause`)
      t.match(await sync(), { providers: [{ status: 'not-modified' }], warnings: [] }, whose)
    }
  })

  t.test('entries in another order', async (t) => {
    await host.reset(rows())
    await host.sync()
    for (const seed of [1, 2]) {
      litellm.setShuffle(seed)
      await syncsToNothing(t, 'ok', `order ${seed}`)
    }
  })

  t.test('members of objects in another order', async (t) => {
    await host.reset(rows())
    await host.sync()
    litellm.setShuffleKeys(1)
    await syncsToNothing(t, 'ok', 'keys')
    litellm.setShuffle(3)
    litellm.setShuffleKeys(2)
    await syncsToNothing(t, 'ok', 'keys and entries')
  })

  t.test('members of lists in another order', async (t) => {
    await host.reset(rows())
    await host.sync()
    for (const { model_info } of litellm.models) (model_info['supported_openai_params'] as string[]).reverse()
    await syncsToNothing(t, 'ok', 'lists')
  })

  t.test('what is not kept of an entry', async (t) => {
    await host.reset(rows())
    await host.sync()
    for (const { model_info, litellm_params } of litellm.models) {
      model_info['our_own_note'] = 'changed'
      litellm_params['api_base'] = 'http://10.9.9.9/v1'
    }
    await syncsToNothing(t, 'ok', 'custom members')
  })

  t.test('another spelling of a price', async (t) => {
    await host.reset(rows())
    litellm.models[0]!.model_info['input_cost_per_token'] = '0.10'
    await host.sync()
    litellm.models[0]!.model_info['input_cost_per_token'] = 0.1
    const result = await host.sync()
    t.strictSame(counts(result), { totalModels: 62, unchangedModels: 62 })
    t.equal((await host.changes()).filter(({ kind }) => kind !== 'added').length, 0)
  })

  t.test(
    'an entry that says more, although no field of the model does: kept, without a change of the model',
    async (t) => {
      await host.reset(rows())
      await host.sync()
      const before = await host.models()
      litellm.models[0]!.model_info['output_vector_size'] = 5
      const result = await host.sync()
      t.strictSame(counts(result), { totalModels: 62, unchangedModels: 62 })
      t.equal(result.revision, 2, 'since a read of the model shows it')
      const id = litellm.models[0]!.model_name
      const { body } = await host.get(`/models/litellm/${id}`)
      t.match(body, { upstreamEntry: { model_info: { output_vector_size: 5 } }, updatedAt: before.get(id)?.updatedAt })
      t.equal((await host.changes()).filter(({ kind }) => kind !== 'added').length, 0)
    },
  )

  t.test('another key or address reads the same body anew', async (t) => {
    await host.reset(rows())
    await host.sync()
    const { url, restrictedKey } = litellm
    const otherKey = await startHost(t, host.database, {
      litellm,
      settings: { litellm: { url, apiKey: restrictedKey } },
    })
    t.match(await otherKey.sync(), { success: true, providers: [{ status: 'ok' }] })
    const otherAddress = await startHost(t, host.database, {
      litellm,
      settings: { litellm: { url: url.replace('127.0.0.1', 'localhost'), apiKey: litellm.key } },
    })
    t.strictSame(statuses(await otherAddress.sync()), ['ok'])
    t.strictSame(statuses(await otherAddress.sync()), ['not-modified'])
    t.equal((await host.changes()).filter(({ kind }) => kind !== 'added').length, 0)
  })
}
