/** Where upstream says something else than a pin. */
import type { ModelDetail } from '../../client/contract.js'
import { WarningIcon } from '../parts/icons.js'
import { fieldTitle, formatValue } from '../parts/value.js'

export function ModelConflicts({ model: { conflicts } }: { model: ModelDetail }) {
  if (conflicts.length === 0) return null
  return (
    <div className="notice warn">
      <WarningIcon />
      <div className="notice-text">
        <strong>Upstream differs from what is pinned.</strong>
        <ul>
          {conflicts.map(({ field, pinned, upstream }) => (
            <li key={field}>
              {fieldTitle(field)}: pinned {formatValue(field, pinned)}, upstream {formatValue(field, upstream)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
