/** What the button says of a result, in a line. */
import { ApiError } from './api-error.js'
import type { SyncResult } from './contract.js'

/** Counts in words; what failed or is held comes first, so that it never reads like a success. */
export function describeResult(result: SyncResult): string {
  const { success, errors, newModels, updatedModels, unavailableModels, restoredModels, totalModels } = result
  const changes = [
    [newModels, 'new'],
    [updatedModels, 'updated'],
    [unavailableModels, 'unavailable'],
    [restoredModels, 'available again'],
  ] as const
  const said = changes.flatMap(([count, what]) => (count === 0 ? [] : [`${count.toLocaleString()} ${what}`]))
  const counts = said.length > 0 ? said.join(', ') : `nothing changed in ${totalModels.toLocaleString()} models`
  if (success) return `Done: ${counts}.`
  const [first = 'the reason is not known'] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `Not all could be synced: ${first}${more}. Of the rest: ${counts}.`
}

/** Why there is no result, and what to do. */
export function describeFailure(error: Error): string {
  if (!(error instanceof ApiError)) return error.message
  if (error.status === 401) return 'The server does not know who you are: sign in again.'
  if (error.status === 403) return `You may not start a sync: ${error.message}`
  if (error.status === 0) return `${error.message}. Try again in a moment.`
  return error.message
}
