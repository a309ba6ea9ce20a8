/** RunOutcome: how a run ended, as its row in the replicas' work tells it to callers in other processes. */
import type { SyncResult } from '../../core/records/sync-result.js'
import {
  CancelledError,
  DatabaseError,
  failure,
  LeaseLostError,
  PlanHashError,
  StalePlanError,
  UnknownProviderError,
} from '../../errors.js'

/** JSON. `error.result`: what the error carries for its caller, as a stale plan does with the new one. */
export type RunOutcome = { result: SyncResult } | { error: { code: string; message: string; result?: SyncResult } }

const CLASSES = [CancelledError, DatabaseError, LeaseLostError, PlanHashError, StalePlanError, UnknownProviderError]

export function outcomeOf(thrown: unknown): RunOutcome {
  const {
    code = '',
    message = String(thrown),
    result,
  } = thrown as { code?: string; message?: string; result?: SyncResult }
  return { error: { code, message, ...(result === undefined ? {} : { result }) } }
}

/** @throws the error that the run threw, as far as its row tells */
export function resultIn(outcome: RunOutcome | null): SyncResult {
  // Its row is gone, or its holder was ended before it could say.
  if (outcome === null) throw failure({ code: 'run-died', facts: { replica: null } })
  if ('result' in outcome) return outcome.result
  const { code, message, result } = outcome.error
  const known = CLASSES.map((Known) => new Known(message)).find((error) => error.code === code)
  throw Object.assign(known ?? new Error(message), result === undefined ? {} : { result })
}
