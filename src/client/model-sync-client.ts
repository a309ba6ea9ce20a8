/** createModelSyncClient: the HTTP contract as functions, for browsers and Node; no dependency. */
import { ApiError, errorOf } from './api-error.js'
import type {
  CallOptions,
  ChangesPage,
  ChangesQuery,
  Model,
  ModelDetail,
  ModelEdit,
  ModelsPage,
  ModelsQuery,
  ModelStats,
  NewModel,
  PageQuery,
  Provider,
  ProviderEdit,
  Replica,
  Run,
  RunsPage,
  StatusQuery,
  SyncEvent,
  SyncRequest,
  SyncResult,
  SyncStatus,
  UndoOptions,
} from './contract.js'
import { readEvents } from './event-stream.js'
import { Http, type ClientOptions } from './http.js'

export type { ClientOptions }

/** Every function throws an ApiError when it is refused or gets no answer, and the signal's reason when that is aborted. */
export interface ModelSyncClient {
  /** Syncs and waits for the result; one that failed is a result too. @throws ApiError 409 with `result` when the plan is stale */
  syncModels(options?: SyncRequest, call?: CallOptions): Promise<SyncResult>
  /** Whether there was a run in progress to cancel. */
  cancelSync(call?: CallOptions): Promise<boolean>
  status(call?: StatusQuery & CallOptions): Promise<SyncStatus>
  /**
   * Progress, results and revisions, for as long as it is read. A connection that breaks is made again, after 1 s, then longer pauses, up to 30 s.
   * @throws ApiError when the server refuses (4xx)
   */
  events(call?: CallOptions): AsyncGenerator<SyncEvent, void, undefined>
  /** The processes that share the catalogue. */
  replicas(call?: CallOptions): Promise<Replica[]>
  runs(query?: PageQuery, call?: CallOptions): Promise<RunsPage>
  run(runId: string, call?: CallOptions): Promise<Run>
  undo(runId: string, options?: UndoOptions, call?: CallOptions): Promise<SyncResult>
  models(query?: ModelsQuery, call?: CallOptions): Promise<ModelsPage>
  /** Every model of all pages, read as they are asked for. */
  allModels(query?: Omit<ModelsQuery, 'cursor'>, call?: CallOptions): AsyncGenerator<Model, void, undefined>
  model(id: string, call?: CallOptions): Promise<ModelDetail>
  addModel(model: NewModel, call?: CallOptions): Promise<ModelDetail>
  editModel(id: string, edit: ModelEdit, call?: CallOptions): Promise<ModelDetail>
  /** Of local models only. */
  deleteModel(id: string, call?: CallOptions): Promise<void>
  changes(query?: ChangesQuery, call?: CallOptions): Promise<ChangesPage>
  stats(call?: CallOptions): Promise<ModelStats>
  providers(call?: CallOptions): Promise<Provider[]>
  provider(slug: string, call?: CallOptions): Promise<Provider>
  editProvider(slug: string, edit: ProviderEdit, call?: CallOptions): Promise<Provider>
}

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const LARGEST_PAGE = 500

/** @throws TypeError when `baseUrl` is no address */
export function createModelSyncClient(options: ClientOptions): ModelSyncClient {
  const http = new Http(options)
  const syncing = async (
    path: string,
    body: object,
    { signal }: CallOptions,
    query: object = {},
  ): Promise<SyncResult> => {
    try {
      return await http.json<SyncResult>(path, { method: 'POST', query, body, signal })
    } catch (error) {
      // A run that could not be recorded answers 500 with the same result object; a stale plan is an error all the same.
      if (error instanceof ApiError && error.status === 500 && error.result !== null) return error.result
      throw error
    }
  }
  const client: ModelSyncClient = {
    syncModels: ({ keys, ...sync } = {}, call = {}) => syncing('models/sync', sync, call, { keys }),
    cancelSync: async ({ signal } = {}) => {
      const { cancelled } = await http.json<{ cancelled: boolean }>('models/sync', { method: 'DELETE', signal })
      return cancelled
    },
    status: ({ signal, ...query } = {}) => http.get('models/sync', query, signal),
    events: ({ signal } = {}) => listen(http, signal),
    replicas: async ({ signal } = {}) =>
      (await http.get<{ replicas: Replica[] }>('models/sync/replicas', {}, signal)).replicas,
    runs: (query, { signal } = {}) => http.get('models/sync/history', query, signal),
    run: (runId, { signal } = {}) => http.get(`models/sync/history/${encodeURIComponent(runId)}`, {}, signal),
    undo: (runId, undo = {}, call = {}) => syncing(`models/sync/history/${encodeURIComponent(runId)}/undo`, undo, call),
    models: (query, { signal } = {}) => http.get('models', query, signal),
    allModels: async function* (query = {}, call = {}) {
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page: ModelsPage = await client.models(
          { limit: LARGEST_PAGE, ...query, ...(cursor === undefined ? {} : { cursor }) },
          call,
        )
        yield* page.models
        cursor = page.nextCursor
      }
    },
    model: async (id, { signal } = {}) => http.get(pathOf(id), {}, signal),
    addModel: (body, { signal } = {}) => http.json('models', { method: 'POST', body, signal }),
    editModel: async (id, body, { signal } = {}) => http.json(pathOf(id), { method: 'PATCH', body, signal }),
    deleteModel: async (id, { signal } = {}) => http.json(pathOf(id), { method: 'DELETE', signal }),
    changes: (query, { signal } = {}) => http.get('models/changes', query, signal),
    stats: ({ signal } = {}) => http.get('models/stats', {}, signal),
    providers: async ({ signal } = {}) =>
      (await http.get<{ providers: Provider[] }>('providers', {}, signal)).providers,
    provider: (slug, { signal } = {}) => http.get(`providers/${encodeURIComponent(slug)}`, {}, signal),
    editProvider: (slug, body, { signal } = {}) =>
      http.json(`providers/${encodeURIComponent(slug)}`, { method: 'PATCH', body, signal }),
  }
  return client
}

async function* listen(http: Http, signal: AbortSignal | undefined): AsyncGenerator<SyncEvent, void, undefined> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const response = await http.send('models/sync/events', { signal }, 'text/event-stream').catch((error: unknown) => {
      if (error instanceof ApiError) return null
      throw error
    })
    if (response !== null && response.status >= 400 && response.status < 500)
      throw errorOf(response, await response.json().catch(() => null))
    if (response?.ok === true && response.body !== null) {
      pause = FIRST_PAUSE_MS
      try {
        for await (const { event, data } of readEvents(response.body))
          yield { event, data: JSON.parse(data) as unknown } as SyncEvent
      } catch (error) {
        if (signal?.aborted === true) throw error
      }
    }
    await wait(pause, signal)
  }
}

/** Slashes stay, an id is the rest of the path; but an address resolves dot segments, so that an id with one is a single segment. */
function pathOf(id: string): string {
  const segments = id.split('/')
  const resolves = segments.some((segment) => segment === '.' || segment === '..')
  return `models/${resolves ? encodeURIComponent(id) : segments.map(encodeURIComponent).join('/')}`
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
