/** One change of the changelog in one line. */
import type { ChangeRecord } from '../../core/records/change-record.js'
import { plain, shortValue } from './plain.js'

export function changeLine({ at, kind, modelId, field, from, to, cause, actor }: ChangeRecord): string {
  const what = field === null ? '' : `  ${field}: ${shortValue(from)} → ${shortValue(to)}`
  return `${at}  ${kind.padEnd('unavailable'.length)}  ${plain(modelId)}${what}  (${cause}, ${plain(actor)})`
}
