/** What the tests of trust share: edits, approvals and undos through HTTP; and the services on their own, with a clock that a test moves. */
import pg from 'pg'
import type { Test } from 'tap'
import { openDatabase } from '../../../src/store/database.js'
import { readSyncOptions, type SyncSettingsInput } from '../../../src/options.js'
import { providerSetups } from '../../../src/plugins/provider-setups.js'
import { CatalogueService } from '../../../src/services/catalogue/catalogue-service.js'
import { ModelEditor } from '../../../src/services/catalogue/model-editor.js'
import { DryRuns } from '../../../src/services/sync/dry-runs.js'
import { ModelSyncService } from '../../../src/services/sync/model-sync-service.js'
import type { ProviderPlanDocument } from '../../../src/core/plan/plan-document.js'
import { openSecretDigests } from '../../../src/services/secret-digests.js'
import type { HostHooks } from '../../../src/services/sync/sync-context.js'
import type { ProviderResult, SyncResult } from '../../../src/core/records/sync-result.js'
import { UndoService } from '../../../src/services/sync/undo-service.js'
import { createHttpClient } from '../../../src/upstream/http-client.js'
import type { Source } from '../../../src/sources/kit/source.js'
import type { ChangeRecord } from '../../../src/core/records/change-record.js'
import { migrate } from '../../../src/store/migrate.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'
import type { TestDatabase } from '../../support/databases.js'
import { emptyTables } from '../../support/empty-tables.js'
import { startHost, type Answer, type HostOptions, type TestHost } from '../../support/host.js'
import { captureLog } from '../../support/log-capture.js'
import { modelRow, startLoopbackLiteLLM, type LoopbackLiteLLM, type ModelRow } from '../../support/loopback-litellm.js'

export type ModelDetail = ModelRecord & { changes: ChangeRecord[]; upstreamEntry: unknown }

export interface TrustHost extends TestHost {
  post<Body = SyncResult>(url: string, payload?: object): Promise<Answer<Body>>
  patch<Body = ModelDetail>(id: string, payload: object): Promise<Answer<Body>>
  remove(id: string): Promise<Answer>
  /** GET /models/<id>, which must answer 200. */
  model(id: string): Promise<ModelDetail>
  /** A dry run, then its planHash with `rest` beside it; must answer 200. */
  approve(options?: object, rest?: object): Promise<SyncResult>
  /** Of a dry run, LiteLLM's part. */
  plan(options?: object): Promise<ProviderPlanDocument>
  undo<Body = SyncResult>(runId: string | null, payload?: object): Promise<Answer<Body>>
}

/** Rows of /model/info with these names, or with members of `model_info` of their own. */
export function rows(...models: (string | [name: string, info: Record<string, unknown>])[]): ModelRow[] {
  return models.map((model) =>
    typeof model === 'string'
      ? modelRow({ model_name: model })
      : modelRow({ model_name: model[0], model_info: model[1] }),
  )
}

/** The members of `model_info` of the row with this name, to change them in place. */
export function infoOf(litellm: LoopbackLiteLLM, name: string): Record<string, unknown> {
  const row = litellm.models.find(({ model_name }) => model_name === name)
  if (row === undefined) throw new Error(`LiteLLM has no ${name}`)
  return row.model_info
}

/** LiteLLM lists these from now on. */
export function serve(litellm: LoopbackLiteLLM, models: readonly ModelRow[]): void {
  litellm.models.splice(0, Infinity, ...models)
}

/** The only provider of a result. */
export function only(result: SyncResult): ProviderResult {
  const [first] = result.providers
  if (first === undefined || result.providers.length > 1) throw new Error('expected one provider')
  return first
}

/** {@link emptyTables}, on a connection for this alone. */
export async function emptyCatalogue(database: TestDatabase): Promise<void> {
  const client = new pg.Client(database.poolConfig)
  await client.connect()
  await emptyTables(client)
  await client.end()
}

export async function startTrustHost(t: Test, database: TestDatabase, options: HostOptions = {}): Promise<TrustHost> {
  const host = await startHost(t, database, options)
  const ok = <Body>({ status, text, body }: Answer<Body>): Body => {
    if (status !== 200) throw new Error(`answered ${status}: ${text}`)
    return body
  }
  const trust: TrustHost = {
    ...host,
    post: (url, payload) => host.request({ method: 'POST', url, ...(payload === undefined ? {} : { payload }) }),
    patch: (id, payload) => host.request({ method: 'PATCH', url: `/models/${id}`, payload }),
    remove: (id) => host.request({ method: 'DELETE', url: `/models/${id}` }),
    model: async (id) => ok(await host.get<ModelDetail>(`/models/${id}`)),
    approve: async (options = {}, rest = {}) => {
      const { planHash } = await host.sync({ ...options, dryRun: true })
      return host.sync({ planHash, ...rest })
    },
    plan: async (options = {}) => {
      const { plan } = await host.sync({ ...options, dryRun: true })
      const found = plan?.providers.find(({ provider }) => provider === 'litellm')
      if (found === undefined) throw new Error('LiteLLM could not be planned')
      return found
    },
    undo: (runId, payload = {}) => trust.post(`/models/sync/history/${runId}/undo`, payload),
  }
  return trust
}

export interface Services {
  modelSync: ModelSyncService
  undo: UndoService
  editor: ModelEditor
  catalogue: CatalogueService
  litellm: LoopbackLiteLLM
  pool: pg.Pool
  /** By the provider's id. */
  models(): Promise<Map<string, ModelRecord>>
  /** Approves what a dry run plans. */
  approve(): Promise<SyncResult>
  /** Moves the clock, which stands still otherwise. */
  advance(time: { days?: number; hours?: number; minutes?: number }): void
}

export interface ServiceOptions {
  settings?: SyncSettingsInput & { sources?: Source[] }
  hooks?: HostHooks
  litellm?: LoopbackLiteLLM
  /** ISO 8601. Default: 2026-11-21, noon. */
  startsAt?: string
}

/** The services without Fastify: retries wait for nothing. Closed by the test's teardown. */
export async function startServices(t: Test, place: TestDatabase, options: ServiceOptions = {}): Promise<Services> {
  const { hooks = {}, startsAt = '2026-11-21T12:00:00.000Z' } = options
  const litellm = options.litellm ?? (await startLoopbackLiteLLM({ models: [] }))
  if (options.litellm === undefined) t.teardown(() => litellm.close())
  const { logger: log } = captureLog('silent')
  const { sources, ...settingsInput } = options.settings ?? {}
  const settings = readSyncOptions({
    litellm: { url: litellm.url, apiKey: litellm.key },
    providers: ['litellm'],
    timeoutMs: 2000,
    ...settingsInput,
  })
  const { setups, defaults } = providerSetups({ ...settings, ...(sources === undefined ? {} : { sources }) }, log)
  const pool = new pg.Pool(place.poolConfig)
  pool.on('error', () => undefined)
  const { schema } = settings
  await emptyCatalogue(place)
  await migrate(pool, { schema, log })
  const database = openDatabase(pool, schema)
  const client = createHttpClient({ timeoutMs: settings.timeoutMs })
  let time = Date.parse(startsAt)
  const now = (): number => time
  const dryRuns = new DryRuns<SyncResult>()
  const modelSync = new ModelSyncService({
    dryRuns,
    database,
    log,
    now,
    digests: await openSecretDigests(pool, { schema }),
    providers: setups,
    defaultProviders: defaults,
    allProviders: defaults,
    concurrency: 8,
    intervalMinutes: null,
    hooks,
    fetching: { client, userAgent: 'test', wait: async () => undefined, random: () => 0 },
  })
  t.teardown(async () => {
    await modelSync.close()
    await client.close()
    await pool.end()
  })
  const catalogue = new CatalogueService({ database, providers: defaults, now })
  return {
    modelSync,
    undo: new UndoService({ database, now, modelSync, dryRuns }),
    editor: new ModelEditor({ database, now, slugs: [], committed: () => undefined }),
    catalogue,
    litellm,
    pool,
    models: async () => {
      const all = new Map<string, ModelRecord>()
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { models: ModelRecord[]; nextCursor: string | null } = await catalogue.models({
          limit: 500,
          ...(cursor === '' ? {} : { cursor }),
        })
        for (const model of page.models) all.set(model.providerModelId, model)
        cursor = page.nextCursor
      }
      return all
    },
    approve: async () => {
      const { planHash } = await modelSync.syncModels({ dryRun: true })
      if (planHash === undefined) throw new Error('there is no plan')
      return modelSync.syncModels({ planHash })
    },
    advance: ({ days = 0, hours = 0, minutes = 0 }) => {
      time += ((days * 24 + hours) * 60 + minutes) * 60_000
    },
  }
}
