/** The catalogue behind the API of a running server. */
import { setTimeout as delay } from 'node:timers/promises'
import { NotFoundError, StalePlanError } from '../../errors.js'
import { createHttpClient } from '../../upstream/http-client.js'
import type { ProxyRules } from '../../upstream/proxy-rules.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { Health } from '../../core/records/sync-status.js'
import type { ReplicaRecord } from '../../core/records/replica-record.js'
import type { ProviderRecord } from '../../core/records/provider-record.js'
import type { ModelStats } from '../../core/model/model-record.js'
import { ApiClient } from './api-client.js'
import { ApiError } from './api-error.js'
import type { Backend, ResolvedName, Status } from './backend.js'
import type { SyncOptions } from '../../core/records/sync-options.js'
import { UsageError } from '../line/usage-error.js'

const CONNECT_TIMEOUT_MS = 5000
const CANCEL_PAUSE_MS = 200

/** Connects when it is first asked for something. @param url with the prefix of the routes, without a slash at the end */
export function openRemoteBackend({
  url,
  token,
  proxy = null,
  ca,
}: {
  url: string
  token: string | null
  proxy?: ProxyRules | null
  ca?: string | undefined
}): Backend {
  const client = createHttpClient({ timeoutMs: CONNECT_TIMEOUT_MS, proxy, ca })
  const api = new ApiClient({ url, token, dispatcher: client.dispatcher })
  return {
    where: `the server at ${url}`,
    unasked: null,
    sync: (request, _observer, signal) => sync(api, request, signal),
    models: (query) => api.ask({ path: '/models', query }),
    // As a parameter, since a path would lose the dots and slashes of some ids.
    model: async (id) => {
      const { models } = await api.ask<{ models: { id: string }[] }>({ path: '/models', query: { id } })
      if (models.length === 0) throw new NotFoundError(`there is no model "${id}"`)
      return api.ask({ path: `/models/${encodeURIComponent(id)}` })
    },
    resolve: async (names, how) => {
      const body = { models: names, ...how }
      return (await api.ask<{ results: ResolvedName[] }>({ method: 'POST', path: '/models/resolve', body })).results
    },
    changes: (query) => api.ask({ path: '/models/changes', query }),
    runs: (query) => api.ask({ path: '/models/sync/history', query }),
    run: (id) => api.ask({ path: `/models/sync/history/${encodeURIComponent(id)}` }),
    probe: (id, signal) => api.ask({ method: 'POST', path: '/models/probe', query: { model: id }, signal }),
    clientFile: (name) => api.text(`/clients/${name}`),
    providers: async () => (await api.ask<{ providers: ProviderRecord[] }>({ path: '/providers' })).providers,
    status: async () => {
      const [status, models, health, replicas] = await Promise.all([
        api.ask<Omit<Status, 'models' | 'health' | 'replicas'>>({ path: '/models/sync', query: { keys: 'backend' } }),
        api.ask<ModelStats>({ path: '/models/stats' }),
        api.ask<Health>({ path: '/models/health' }),
        api.ask<{ replicas: ReplicaRecord[] }>({ path: '/models/sync/replicas' }).then(
          (answer) => answer.replicas,
          () => null,
        ),
      ])
      return { ...status, models, health, replicas }
    },
    migrate: async () => {
      await api.ask({ path: '/models/health' })
      return { applied: [], where: `the server at ${url}, which migrates its database when it starts` }
    },
    close: () => client.close(),
  }
}

async function sync(api: ApiClient, request: SyncOptions, signal: AbortSignal): Promise<SyncResult> {
  // Of a run that somebody else has started we are only guests, and must not end it.
  const { running } = await api.ask<{ running: boolean }>({ path: '/models/sync', signal })
  signal.throwIfAborted()
  const ours = !running && request.dryRun !== true
  let answered = false
  const answer = post(api, request).finally(() => (answered = true))
  // Heard below, or no longer wanted.
  answer.catch(() => undefined)
  const interrupted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      // A run that is ended early answers at once, and its result is worth showing.
      if (ours) void cancel(api, () => answered).catch(reject)
      else reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([answer, interrupted])
}

/** Until the server says that it has: it may not have begun yet. */
async function cancel(api: ApiClient, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { cancelled } = await api.ask<{ cancelled: boolean }>({ method: 'DELETE', path: '/models/sync' })
    if (cancelled) return
    await delay(CANCEL_PAUSE_MS)
  }
}

// The server's body of a 500 is a result when a run could not be recorded.
const accepts = (answer: object): boolean => 'providers' in answer || 'result' in answer

/** Without providers the server decides, as its route for all of them does. */
async function post(api: ApiClient, request: SyncOptions): Promise<SyncResult> {
  const { providers, planHash, forceUpdate, markUnavailable, dryRun = false } = request
  try {
    if (providers !== undefined || planHash !== undefined)
      return await api.ask<SyncResult>({ method: 'POST', path: '/models/sync?keys=backend', body: request, accepts })
    if (forceUpdate !== undefined || markUnavailable !== undefined)
      throw new UsageError('With --url these options need --providers: name those that are meant', 'sync')
    const query = { dry_run: dryRun }
    const path = '/admin/model-sync/all'
    return (await api.ask<{ result: SyncResult }>({ method: 'POST', path, query, accepts })).result
  } catch (error) {
    if (error instanceof ApiError && error.code === 'FST_MODEL_SYNC_PLAN_STALE')
      throw Object.assign(new StalePlanError(error.message), { result: error.answer })
    throw error
  }
}
