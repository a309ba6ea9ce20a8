/** A Fastify host with the plugin on a test database, and a loopback LiteLLM beside it. */
import fastifyPostgres from '@fastify/postgres'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import pg from 'pg'
import type { Test } from 'tap'
import modelSync, { type ModelSyncOptions } from '../../src/plugin.js'
import type { SyncResult } from '../../src/core/records/sync-result.js'
import type { ModelRecord } from '../../src/core/model/model-record.js'
import type { ChangeRecord } from '../../src/core/records/change-record.js'
import type { TestDatabase } from './databases.js'
import { emptyTables } from './empty-tables.js'
import { captureLog, type LogCapture } from './log-capture.js'
import { startLoopbackLiteLLM, type LoopbackLiteLLM, type LoopbackOptions } from './loopback-litellm.js'

export interface Answer<Body = Record<string, unknown>> {
  status: number
  headers: Record<string, unknown>
  body: Body
  text: string
}

export interface TestHost {
  app: FastifyInstance
  litellm: LoopbackLiteLLM
  log: LogCapture
  database: TestDatabase
  /** A connection of the test's own. */
  pool: pg.Pool
  request<Body = Record<string, unknown>>(options: InjectOptions): Promise<Answer<Body>>
  get<Body = Record<string, unknown>>(url: string, headers?: Record<string, string>): Promise<Answer<Body>>
  /** POST /models/sync, which must answer 200. */
  sync(body?: object): Promise<SyncResult>
  /** The whole catalogue by the provider's id, through GET /models. */
  models(): Promise<Map<string, ModelRecord>>
  /** The newest first. */
  changes(query?: string): Promise<ChangeRecord[]>
  /** When LiteLLM's models were last seen, ISO 8601. */
  lastSuccessAt(): Promise<string | null>
  /** An empty catalogue again, and LiteLLM with these models and without faults. */
  reset(models?: LoopbackLiteLLM['models']): Promise<void>
}

export interface HostOptions {
  settings?: Partial<ModelSyncOptions>
  litellm?: LoopbackLiteLLM | LoopbackOptions
  /** Before the plugin is registered. */
  before?: (app: FastifyInstance) => unknown
  /** After it, before the server is ready: routes of the host's own. */
  after?: (app: FastifyInstance) => unknown
}

/** Ready, without a startup sync and open to everybody unless `settings` say otherwise; closed by the test's teardown. */
export async function startHost(
  t: Pick<Test, 'teardown'>,
  database: TestDatabase,
  options: HostOptions = {},
): Promise<TestHost> {
  const litellm = await openLiteLLM(t, options.litellm ?? {})
  const log = captureLog()
  const app = Fastify({ loggerInstance: log.logger }) as unknown as FastifyInstance
  t.teardown(() => app.close())
  await options.before?.(app)
  // PGlite is reached as the database of a host, since the test holds its data directory.
  if (database.url === null && !app.hasDecorator('pg')) await app.register(fastifyPostgres, database.poolConfig)
  await app.register(modelSync, {
    ...(database.url === null ? {} : { databaseUrl: database.url }),
    litellm: { url: litellm.url, apiKey: litellm.key },
    syncOnStartup: false,
    timeoutMs: 2000,
    allowUnauthenticated: true,
    settingsPage: false,
    ...options.settings,
  } as ModelSyncOptions)
  await options.after?.(app)
  await app.ready()
  const pool = new pg.Pool({ ...database.poolConfig, max: 2 })
  // The database may be dropped or cut off under it.
  pool.on('error', () => undefined)
  t.teardown(() => (pool.ending ? undefined : pool.end()))
  return makeHost({ app, litellm, log, database, pool }, options.settings?.prefix ?? '')
}

/** One that the test has started itself is closed by the test. */
async function openLiteLLM(
  t: Pick<Test, 'teardown'>,
  given: LoopbackLiteLLM | LoopbackOptions,
): Promise<LoopbackLiteLLM> {
  if ('requests' in given) return given
  const litellm = await startLoopbackLiteLLM(given)
  t.teardown(() => litellm.close())
  return litellm
}

type Parts = Pick<TestHost, 'app' | 'litellm' | 'log' | 'database' | 'pool'>

function makeHost(parts: Parts, prefix: string): TestHost {
  const { app, litellm, pool } = parts
  const host: TestHost = {
    ...parts,
    request: async <Body>(request: InjectOptions) => {
      const { statusCode, headers, body } = await app.inject(request)
      const isJson = String(headers['content-type'] ?? '').startsWith('application/json')
      return { status: statusCode, headers, body: (isJson ? JSON.parse(body) : null) as Body, text: body }
    },
    get: (url, headers = {}) => host.request({ method: 'GET', url: `${prefix}${url}`, headers }),
    sync: async (body) => {
      const answer = await host.request<SyncResult>({
        method: 'POST',
        url: `${prefix}/models/sync`,
        ...(body === undefined ? {} : { payload: body }),
      })
      if (answer.status !== 200) throw new Error(`POST /models/sync answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    models: async () => {
      const all = new Map<string, ModelRecord>()
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Answer<{ models: ModelRecord[]; nextCursor: string | null }> = await host.get(
          `/models?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
        for (const model of page.body.models) all.set(model.providerModelId, model)
        cursor = page.body.nextCursor
      }
      return all
    },
    changes: async (query = '') =>
      (await host.get<{ changes: ChangeRecord[] }>(`/models/changes?limit=500${query}`)).body.changes,
    lastSuccessAt: async () =>
      (await host.get<{ providers: { lastSuccessAt: string | null }[] }>('/models/health')).body.providers[0]
        ?.lastSuccessAt ?? null,
    reset: async (models) => {
      await emptyTables(pool)
      if (models !== undefined) litellm.models.splice(0, Infinity, ...models)
      for (const path of ['/model/info', '/v1/models', '/model/deprecations'] as const) {
        litellm.setFault(path, null)
        litellm.setBody(path, null)
      }
      litellm.setEtag(false)
      litellm.setEnds(null)
      litellm.setUnnamed([])
      litellm.setKeyInfo(null)
      litellm.setShuffle(null)
      litellm.setShuffleKeys(null)
      litellm.requests.length = 0
      parts.log.clear()
    },
  }
  return host
}

/** The statuses of the providers in a result. */
export function statuses(result: SyncResult): string[] {
  return result.providers.map(({ status }) => status)
}

/** The seven that every trigger returns, and the counters beside them. */
export function counts(result: SyncResult): Record<string, number> {
  const { totalModels, newModels, updatedModels, unavailableModels, restoredModels, unchangedModels } = result
  const { rejectedModels, filteredModels, heldChanges } = result
  return Object.fromEntries(
    Object.entries({
      totalModels,
      newModels,
      updatedModels,
      unavailableModels,
      restoredModels,
      unchangedModels,
      rejectedModels,
      filteredModels,
      heldChanges,
    }).filter(([, count]) => count !== 0),
  )
}
