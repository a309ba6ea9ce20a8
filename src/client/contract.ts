/** The shapes of the HTTP contract, as a client sends and reads them. `null` = unknown; times are ISO 8601, UTC; prices are USD per token, decimal strings. */
import type { Capability, DesiredFields, Mode, ModelFields, OtherPrice } from '../core/model/model.js'
import type { ProviderStatus, Trigger } from '../core/records/run-words.js'
import type { Cause, ProblemCode, ToldProblem } from '../core/records/problem.js'
import type { Reason, Standing } from '../core/records/standing.js'

export type { Cause, Mode, OtherPrice, ProviderStatus, Reason }

export interface CallOptions {
  signal?: AbortSignal | undefined
}

/** `limit` is 1 to 500, default 50; `cursor` is `nextCursor` of the page before. */
export interface PageQuery {
  limit?: number | undefined
  cursor?: string | undefined
}

/** Numbers of models, of a whole run or of one provider. */
export interface Counters {
  /** In the answers, duplicates merged. */
  totalModels: number
  newModels: number
  updatedModels: number
  unavailableModels: number
  restoredModels: number
  renamedModels: number
  unchangedModels: number
  rejectedModels: number
  filteredModels: number
  heldChanges: number
}

export interface ProviderResult extends Counters {
  provider: string
  status: ProviderStatus
  error?: string
  /** Code of what kept the provider from being `ok`. */
  reason?: ProblemCode
  /** What that code knows. */
  facts?: Cause['facts']
  warnings: string[]
  /** Models of the answer of which a change is held. Unset: none. */
  heldModels?: number
  fetchMs: number
  applyMs: number
}

/** The uniform result of every sync. */
export interface SyncResult extends Counters {
  /** No errors. */
  success: boolean
  /** One line for each provider that is failed, incomplete or held, starting with its slug. */
  errors: string[]
  /** The same, for whatever decides something; in their order. */
  problems: ToldProblem[]
  syncedAt: string
  /** `null` in a dry run, and when the database could not record the run. */
  runId: string | null
  trigger: Trigger
  dryRun: boolean
  durationMs: number
  revision: number | null
  warnings: string[]
  providers: ProviderResult[]
  /** Of a dry run. */
  plan?: Plan
  planHash?: string
}

/** From the old value to the new one. */
export interface FieldChange {
  from: unknown
  to: unknown
}

export interface ProviderPlan {
  provider: string
  added: { modelId: string; fields: ModelFields }[]
  updated: { modelId: string; fields: Record<string, FieldChange> }[]
  unavailable: { modelId: string; reason: string }[]
  restored: { modelId: string; fields: Record<string, FieldChange> }[]
  renamed: { modelId: string; from: string }[]
  held: { modelId: string; kind: string; reason: string; field?: string; from?: unknown; to?: unknown }[]
  rejected: { modelId: string | null; reason: string }[]
  filtered: number
  unchanged: number
  /** What of the host's hangs on the models that would become unavailable. */
  impact: { label: string; count: number; modelId?: string }[]
}

export interface Plan {
  planHash: string
  revision: number | null
  /** Changes that belong to the plan and are not listed, since the answer would exceed 8 MiB; without it: none. */
  leftOut?: number
  providers: ProviderPlan[]
}

export interface SyncOptions {
  /** Rewrite every row. Default false. */
  forceUpdate?: boolean | undefined
  /** False: add and update only. Default true. */
  markUnavailable?: boolean | undefined
  /** Write nothing, return the plan. Default false. */
  dryRun?: boolean | undefined
  /** Slugs; default: the configured ones. */
  providers?: string[] | undefined
  /** Of a dry run: carry exactly that plan out. */
  planHash?: string | undefined
  /** Ids of models: of the plan, only their changes. */
  only?: string[] | undefined
}

/** What POST /models/sync takes. */
export interface SyncRequest extends SyncOptions {
  /** With whose keys; default: your own if you have active ones, else the backend’s. */
  keys?: 'own' | 'backend' | undefined
}

export type UndoOptions = Pick<SyncOptions, 'dryRun' | 'planHash'>

export interface Run {
  runId: string
  trigger: string
  userId: string | null
  startedAt: string
  /** `null`: in progress. */
  finishedAt: string | null
  durationMs: number | null
  success: boolean | null
  result: SyncResult | null
  /** Runs of one hour that changed nothing, in one row, which is otherwise that of the last of them; `null`: one run. */
  folded: { runs: number; firstStartedAt: string } | null
}

export interface RunsPage {
  runs: Run[]
  nextCursor: string | null
}

export interface SyncStatus {
  /** Whose syncs this is about. */
  keys: 'own' | 'backend'
  /** The last run, whatever came of it; an undo is no sync. */
  lastSync: Run | null
  lastSuccess: Run | null
  /** `null`: auto-sync is off. */
  nextSyncAt: string | null
  running: boolean
  /** How far the run in progress is; `null`: there is none in the process that answers. */
  progress: RunProgress | null
  /** A sync is recommended: the last success is too long ago, or a provider could not be read. */
  needsSync: boolean
  newModels: number
  /** Changes that wait for a person. */
  held: number
  /** How things stand, with everything that is off. */
  standing: Standing
}

/** What GET /models/sync takes. */
export interface StatusQuery {
  /** About whose syncs; default: those with your own keys if you have active ones, else the backend’s. */
  keys?: 'own' | 'backend'
}

export interface Model extends Omit<ModelFields, 'capabilities'> {
  /** `<provider>/<providerModelId>`. */
  id: string
  provider: string
  providerModelId: string
  /** `vendor/model`, shared by the offers of one model; `null`: not certain. */
  canonicalName: string | null
  capabilities: Record<Capability, boolean | null>
  origin: 'synced' | 'local'
  availability: 'available' | 'unavailable'
  unavailableReason: string | null
  unavailableSince: string | null
  /** The provider's last listing could not be read, so that this may be out of date. */
  stale: boolean
  hidden: boolean
  /** Fields set by hand. */
  pins: Record<string, unknown>
  /** Pinned fields on which upstream says something else. */
  conflicts: { field: string; pinned: unknown; upstream: unknown }[]
  /** Where each known field comes from. */
  provenance: Record<string, string>
  firstSeenAt: string
  lastSeenAt: string | null
  updatedAt: string
}

export interface ModelDetail extends Model {
  /** Upstream's own entry, without secrets. */
  upstreamEntry: unknown
  /** The last ones, newest first. */
  changes: Change[]
}

export interface ModelsQuery extends PageQuery {
  search?: string | undefined
  id?: string | undefined
  provider?: string | undefined
  mode?: Mode | undefined
  availability?: 'available' | 'unavailable' | undefined
  ownedBy?: string | undefined
  canonicalName?: string | undefined
  capability?: Capability | undefined
  hidden?: boolean | undefined
  /** Tokens; a model whose context is unknown is in no range. */
  minContext?: number | undefined
  maxContext?: number | undefined
  /** USD per token, decimal strings; a model whose price is unknown is in no range. */
  minInputCost?: string | undefined
  maxInputCost?: string | undefined
  minOutputCost?: string | undefined
  maxOutputCost?: string | undefined
  /** A sort key, behind `-` for descending. */
  sort?: string | undefined
}

export interface ModelsPage {
  models: Model[]
  nextCursor: string | null
  /** Of all pages. */
  total: number
}

export interface ModelStats {
  totalModels: number
  availableModels: number
  unavailableModels: number
  byProvider: Record<string, number>
  byMode: Record<string, number>
}

export type NewModel = DesiredFields & { provider: string; providerModelId: string }

/** Each field that is given becomes a pin; `unpin` gives fields back to upstream. */
export type ModelEdit = DesiredFields & {
  hidden?: boolean | undefined
  availability?: 'available' | 'unavailable' | undefined
  unpin?: string[] | undefined
}

export interface Change {
  id: number
  runId: string | null
  modelId: string
  provider: string
  kind: string
  /** `null`: the model as a whole. */
  field: string | null
  from: unknown
  to: unknown
  cause: string
  actor: string
  at: string
}

export interface ChangesQuery extends PageQuery {
  since?: string | undefined
  provider?: string | undefined
  kind?: string | undefined
  model?: string | undefined
  field?: string | undefined
}

export interface ChangesPage {
  changes: Change[]
  nextCursor: string | null
}

export interface Provider {
  /** `null`: never synced. */
  id: number | null
  slug: string
  name: string
  description: string | null
  homepage: string | null
  baseUrl: string | null
  addressVariable: string | null
  keyVariable: string | null
  keyRequired: boolean
  keyPresent: boolean
  syncable: boolean
  enabled: boolean
  priority: number
  /** Minutes; `null`: the backend's own. */
  interval: number | null
  /** Minutes between two automatic syncs, by whatever rule; `null`: auto-sync is off. */
  effectiveInterval: number | null
  /** Why it is that long, where it was learned. */
  intervalReason: string | null
  nextAttemptAt: string | null
  /** Why the next attempt is later than usual. */
  backOff: string | null
  lastAttemptAt: string | null
  lastSuccessAt: string | null
  lastError: string | null
  /** What `lastError` says, as a code and facts; `null`: nothing is wrong, or it is not known. */
  lastProblem: Cause | null
  consecutiveFailures: number
  staleSince: string | null
  healthy: boolean
  heldChanges: number
  totalModels: number
  availableModels: number
  unavailableModels: number
  capabilities: string[]
}

export interface ProviderEdit {
  enabled?: boolean | undefined
  priority?: number | undefined
  /** Minutes; `null`: the backend's own. */
  interval?: number | null | undefined
}

export interface ProviderProgress {
  provider: string
  state: 'waiting' | 'fetching' | 'applying' | 'done'
  /** Raw entries read so far. */
  entries: number
  /** When it is done. */
  result: ProviderResult | null
}

export interface RunProgress {
  runId: string
  trigger: string
  userId: string | null
  startedAt: string
  providers: readonly ProviderProgress[]
}

/** What GET /models/sync/events tells. */
export type SyncEvent =
  | { event: 'started'; data: RunProgress }
  | { event: 'progress'; data: ProviderProgress & { runId: string } }
  | { event: 'finished'; data: SyncResult }
  /** Of the catalogue: at once, then after each change, in whichever process. */
  | { event: 'revision'; data: { revision: number } }
