/** What is remembered of a listing beside its models, for the syncs that find it unchanged. */
import type { ListingSummary } from '../../store/providers/applied-answer.js'
import type { Collected } from './collected.js'

/** @param fetching the warnings of the request */
export function summarize({ rejected, filtered, warnings }: Collected, fetching: readonly string[]): ListingSummary {
  const [first] = rejected
  const malformed =
    first === undefined ? [] : [`${rejected.length} malformed entries were left out, the first because ${first.reason}`]
  return {
    rejectedModels: rejected.length,
    filteredModels: filtered,
    warnings: [...fetching, ...warnings, ...malformed],
  }
}
