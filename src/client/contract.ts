/** The shapes of the HTTP contract, as a client sends and reads them. `null` = unknown; times are ISO 8601, UTC; prices are USD per token, decimal strings. */
import type { StatusQuery } from '../core/records/sync-status.js'
import type { SyncOptions } from '../core/records/sync-options.js'
import type { ProviderProgress, RunProgress } from '../core/records/run-progress.js'
import type { SyncResult } from '../core/records/sync-result.js'

export { MODES } from '../core/model/model.js'
export type { PriceWindow } from '../core/model/price-window.js'
export type { OtherPrice } from '../core/model/model-fields.js'
export type { ModelEdit, NewModel } from '../core/model/model-edit.js'
export type { ModelRecord as Model, ModelsPage, ModelsQuery, ModelStats } from '../core/model/model-record.js'
export type { FieldChange } from '../core/model/field-changes.js'
export type { RefusedName, Resolution, Unavailable } from '../core/names/resolution.js'
export type { PlanDocument as Plan, ProviderPlanDocument as ProviderPlan } from '../core/plan/plan-document.js'
export type { ChangeRecord as Change, ChangesPage, ChangesQuery } from '../core/records/change-record.js'
export type { PricePeriod } from '../core/prices/price-records.js'
export type { DayStats } from '../core/records/day-stats.js'
export type { ModelDetail } from '../core/records/model-detail.js'
export type { ProbeRecord } from '../core/records/probe-record.js'
export type { Cause } from '../core/records/problem.js'
export type { ProviderEdit, ProviderRecord as Provider } from '../core/records/provider-record.js'
export type { ReplicaRecord as Replica } from '../core/records/replica-record.js'
export type { RunRecord as Run, RunsPage } from '../core/records/run-record.js'
export type { ProviderStatus } from '../core/records/run-words.js'
export type { Reason } from '../core/records/standing.js'
export type { SyncOptions, UndoOptions } from '../core/records/sync-options.js'
export type { SyncCounters as Counters, ProviderResult } from '../core/records/sync-result.js'
export type { StatusQuery, SyncStatus } from '../core/records/sync-status.js'
export type { PageQuery } from '../core/schema/page.js'
export type { ProviderProgress, RunProgress, SyncResult }

export interface CallOptions {
  signal?: AbortSignal | undefined
}

/** What POST /models/sync takes. */
export interface SyncRequest extends SyncOptions {
  /** With whose keys; default: your own if you have active ones, else the backend’s. */
  keys?: StatusQuery['keys'] | undefined
}

/** What GET /models/sync/events tells. */
export type SyncEvent =
  | { event: 'started'; data: RunProgress }
  | { event: 'progress'; data: ProviderProgress & { runId: string } }
  | { event: 'finished'; data: SyncResult }
  /** Of the catalogue: at once, then after each change, in whichever process. */
  | { event: 'revision'; data: { revision: number } }
