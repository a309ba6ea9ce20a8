/** How the routes answer. */
import { Type } from 'typebox'
import { FAILED_SYNC_STATUSES } from '../core/records/run-words.js'
import { option } from './define-option.js'

export const routeOptions = {
  failedSyncStatus: option(
    'MODEL_SYNC_FAILED_SYNC_STATUS',
    Type.Unsafe<number>({
      type: 'integer',
      enum: FAILED_SYNC_STATUSES,
      default: 200,
      description:
        'HTTP status of the answer when a sync failed, for callers that look at nothing else, as curl -f; the body stays the same',
    }),
  ),
}
