/** The one result object of every trigger, also for errors. */
import type { ProviderStatus, Trigger } from '../../core/records/run-words.js'
import type { PlanDocument } from './plan-document.js'

/** Numbers of models; the same names for a provider and for the whole run. */
export interface SyncCounters {
  /** Models in the answer, duplicates merged; of a provider that was not modified, its last applied listing. */
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

export interface ProviderResult extends SyncCounters {
  provider: string
  status: ProviderStatus
  /** Without the provider's slug, without secrets. */
  error?: string
  /** Code of what kept the provider from being `ok`: `empty-answer`, `mass-removal`, `price-jump`, `incomplete-listing`, `no-key`, … */
  reason?: string
  warnings: string[]
  /** Models of the answer of which a change is held. Unset: none. */
  heldModels?: number
  fetchMs: number
  applyMs: number
}

/** Why a sync that was asked for has no run: the server is closing, nobody wants it any more, the database refused. */
export type NotStarted = 'FST_MODEL_SYNC_CLOSING' | 'FST_MODEL_SYNC_CANCELLED' | 'FST_MODEL_SYNC_DATABASE'

export interface SyncResult extends SyncCounters {
  /** No errors. */
  success: boolean
  /** One line for each provider that is failed, incomplete or held, starting with its slug. */
  errors: string[]
  /** Why no run was started; unset: one was. */
  code?: NotStarted
  /** ISO 8601, UTC. */
  syncedAt: string
  /** `null` in a dry run, and when the database could not record the run. */
  runId: string | null
  trigger: Trigger
  dryRun: boolean
  durationMs: number
  /** The catalogue's revision after the run; `null` when the database did not say. */
  revision: number | null
  warnings: string[]
  providers: ProviderResult[]
  /** Of a dry run. */
  plan?: PlanDocument
  planHash?: string
}

/** A result, and whose keys were used; `null`: the backend's own. */
export type UserSyncResult = SyncResult & { userId: string | null }

const COUNTERS = [
  'totalModels',
  'newModels',
  'updatedModels',
  'unavailableModels',
  'restoredModels',
  'renamedModels',
  'unchangedModels',
  'rejectedModels',
  'filteredModels',
  'heldChanges',
] as const satisfies (keyof SyncCounters)[]

export function noCounts(): SyncCounters {
  return Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as unknown as SyncCounters
}

export interface ResultParts {
  runId: string | null
  trigger: Trigger
  dryRun: boolean
  startedAt: string
  durationMs: number
  revision: number | null
  providers: ProviderResult[]
  code?: NotStarted
  /** Beyond the providers' own: what kept the run as a whole from being done. */
  errors?: string[]
  warnings?: string[]
}

/** Sums the providers up. */
export function makeResult({ startedAt, errors = [], warnings = [], ...parts }: ResultParts): SyncResult {
  const counts = noCounts()
  for (const provider of parts.providers) for (const counter of COUNTERS) counts[counter] += provider[counter]
  const lines = [
    ...parts.providers.flatMap(({ provider, error }) => (error === undefined ? [] : [`${provider}: ${error}`])),
    ...errors,
  ]
  return {
    success: lines.length === 0,
    ...counts,
    errors: lines,
    syncedAt: startedAt,
    warnings: [
      ...parts.providers.flatMap((provider) => provider.warnings.map((warning) => `${provider.provider}: ${warning}`)),
      ...warnings,
    ],
    ...parts,
  }
}
