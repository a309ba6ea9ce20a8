/** One planned change: of which model, field by field from the old value to the new one, and why it is held. */
import { memo } from 'react'
import { FieldChangeValues } from '../parts/field-change.js'
import { formatReason, HELD_REASONS } from '../parts/labels.js'
import { fieldTitle, formatValue } from '../parts/value.js'
import type { PlanRow } from './plan-rows.js'

interface Props {
  row: PlanRow
  /** It is not in the plan that was approved before, or says something else there. */
  moved: boolean
  chosen: boolean
  /** `null`: cannot be chosen. */
  onChoose: ((ids: string[], on: boolean) => void) | null
}

export const PlanRowLine = memo(function PlanRowLine({ row, moved, chosen, onChoose }: Props) {
  const { kind, modelId, fields, reason, would, impact } = row
  const name = modelId ?? 'An entry without an id'
  return (
    <li className={`plan-row ${kind}`}>
      {onChoose !== null && modelId !== null ? (
        <input
          type="checkbox"
          aria-label={`Apply: ${name}`}
          checked={chosen}
          onChange={(event) => onChoose([modelId], event.target.checked)}
        />
      ) : (
        <span />
      )}
      <span className={`kind ${kind}`}>{kind}</span>
      <div className="plan-what">
        <span className="model-ref">{name}</span>
        {moved && <span className="tag moved">moved</span>}
        {kind === 'held' && would !== null && would !== 'updated' && (
          <span className="muted"> would become {would === 'unavailable' ? 'unavailable' : would}</span>
        )}
        {kind === 'added'
          ? fields.length > 0 && (
              <p className="muted">
                {fields.map(([field, { to }]) => `${fieldTitle(field)} ${formatValue(field, to)}`).join(' · ')}
              </p>
            )
          : fields.map(([field, { from, to }]) => (
              <p key={field}>
                <FieldChangeValues title={fieldTitle(field)} field={field} from={from} to={to} />
              </p>
            ))}
        {reason !== null && (
          <p className={kind === 'held' ? 'text-warn' : 'muted'}>
            {kind === 'held' ? (HELD_REASONS[reason] ?? reason) : formatReason(reason)}
          </p>
        )}
        {impact.length > 0 && <p className="text-bad">In use: {impact.join(', ')}</p>}
      </div>
    </li>
  )
})
