/** What a provider's sync is asked to do, and what it knows between planning and applying. */
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import type { Plan } from '../../core/plan/plan.js'
import type { LockedState } from '../../store/providers/applied-answer.js'
import type { Database } from '../../store/database.js'
import type { IndexedModel } from '../../store/models/read-current.js'
import type { ProviderRow } from '../../store/providers/provider-rows.js'
import type { Asked } from './fingerprint.js'
import type { Collected } from './collected.js'

export interface ProviderSyncRequest extends Asked {
  forceUpdate: boolean
  markUnavailable: boolean
  /** Whether the answers are kept to the letter. */
  keepsTexts?: boolean
  signal: AbortSignal
  /** Told after each page how many raw entries it had. */
  onEntries(entries: number): void
}

/** What a person approved: held changes too. `only` are public ids; `null`: all. */
export interface Approval {
  only: ReadonlySet<string> | null
}

/** A plan with the state that it was made from. */
export interface Planned {
  plan: Plan
  /** The provider's. */
  version: number
  collected: Collected
  index: ReadonlyMap<string, IndexedModel>
  /** Of the rows that were looked at, by row id. */
  values: { get(id: number): CurrentValues | undefined }
}

/** What is applied, and the row that it was planned with. */
export interface Chosen {
  row: ProviderRow
  planned: Planned
  /** After the guards, or as it was approved. */
  plan: Plan
}

/** Decides under the provider's lock what to apply; `null`: nothing. It may read through `database` only, whose client holds the lock. */
export type Choose = (locked: LockedState, database: Database) => Promise<Chosen | null>
