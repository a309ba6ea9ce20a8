/** The HTTP status of an answer that carries the result of a sync. */
import { Type, type TSchema } from 'typebox'
import type { FastifyReply } from 'fastify'
import { FAILED_SYNC_STATUSES } from '../../core/records/run-words.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import { ErrorSchema } from './errors.js'

// A server that restarts is back by then.
const RETRY_AFTER_SECONDS = 5

type Ended = Pick<SyncResult, 'runId' | 'dryRun' | 'success' | 'problems'>

/** For routes that start a sync. */
export interface FailedSyncOptions {
  /** HTTP status when a sync failed, unless the request names another. */
  failedSyncStatus: number
}

/** A member of the query of every route that starts a sync. */
export const failedSyncStatus = Type.Optional(
  Type.Unsafe<number>({
    type: 'integer',
    enum: FAILED_SYNC_STATUSES,
    description: 'HTTP status of a failed sync, for callers that look at nothing else; the body stays the same',
  }),
)

/** The answers of such a route beside 200: the same body, where the caller wants another status, or an error. */
export function failureSchemas<Schema extends TSchema>(schema: Schema): Record<'500' | '5xx' | '4xx', TSchema> {
  const either = Type.Union([schema, ErrorSchema])
  return { 500: either, '5xx': either, '4xx': ErrorSchema }
}

/**
 * Sets the status of the answer: 503 while the server is closing, 500 when a run could not be started or recorded.
 * @param results of one run, or of several
 * @param failed the status for a run that was recorded and did not succeed
 */
export function answerWith(reply: FastifyReply, results: readonly Ended[], failed: number): void {
  if (results.some((result) => notStarted(result)?.by === 'closing'))
    void reply.code(503).header('retry-after', String(RETRY_AFTER_SECONDS))
  else if (results.some(hasNoRun)) void reply.code(500)
  else void reply.code(results.every(({ success }) => success) ? 200 : failed)
}

function hasNoRun(result: Ended): boolean {
  return result.runId === null && !result.dryRun && notStarted(result) === null
}

/** Who ended a run before it began; `null`: nobody. */
function notStarted({ problems }: Ended): { by: 'person' | 'closing' } | null {
  for (const { provider, code, facts } of problems) if (provider === null && code === 'cancelled') return facts
  return null
}
