/** What every sync needs from outside: the database, the way out to HTTP, the clock, the log and the host's hooks. */
import type { PoolClient } from 'pg'
import type { Doubt } from '../../core/model/doubt.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { Impact } from '../../core/plan/plan-document.js'
import type { FetchOptions } from '../../upstream/read-source.js'
import type { PooledDatabase } from '../../store/database.js'
import type { AppliedChange } from '../applied-changes.js'
import type { SyncLog } from '../log.js'
import type { SecretDigests } from '../secret-digests.js'

/** Where a price book says something else of the same seller than these fields of its model do. Throws nothing. */
export type SecondOpinion = (providerModelId: string, fields: DesiredFields) => Doubt[]

/** What a provider's transaction has changed. */
export interface AppliedEvent {
  provider: string
  runId: string
  changes: readonly AppliedChange[]
}

export interface HostHooks {
  /** Runs in a provider's transaction before it is committed; when it throws or takes longer than 30 s, nothing of that provider is applied. */
  onApply?(client: PoolClient, changes: readonly AppliedChange[], provider: string): Promise<void> | void
  /** How long `onApply` may take, ms. Default 30,000. */
  timeoutMs?: number
  /** Asked for the plan of a dry run. */
  impact?(models: readonly { modelId: string; reason: string }[]): Promise<readonly Impact[]> | readonly Impact[]
}

export interface SyncContext {
  /** Of a run: ends what waits for it when the run is cancelled. */
  database: PooledDatabase
  log: SyncLog
  digests: SecretDigests
  /** Wall clock, ms since 1970. */
  now(): number
  fetching: Pick<FetchOptions, 'client' | 'retries' | 'userAgent' | 'wait' | 'random'>
  hooks: HostHooks
  /** What price books say of a provider's models; `null`: there is none. Unset: nobody is asked. Throws nothing. */
  opinionOn?(provider: string): Promise<SecondOpinion | null>
  /** What runs say of the process that carries them out; unset: nothing. */
  origin?: { appVersion: string; replica: string }
  /** Called after a provider's transaction has been committed. @param changes describes them, where somebody listens. Throws nothing */
  applied(event: Omit<AppliedEvent, 'changes'>, changes: () => Promise<AppliedEvent['changes']>): Promise<void>
}
