/** What a provider's sync is asked to do, and what it knows between planning and applying. */
import type { ModelFields } from '../../core/model/model-fields.js'
import type { Pins } from '../../core/model/pins.js'
import type { CurrentModel, Plan } from '../../core/plan/plan.js'
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

/** Upstream's values and the pins, by row id. */
export type Values = ReadonlyMap<number, { upstream: ModelFields; pins: Pins }>

/** A plan with the state that it was made from. */
export interface Planned {
  plan: Plan
  /** The provider's. */
  version: number
  collected: Collected
  index: ReadonlyMap<string, IndexedModel>
  current: ReadonlyMap<string, CurrentModel>
  values: Values
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
