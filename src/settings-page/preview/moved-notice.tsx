/** Says that an approved plan was stale, that nothing was written, and what moved since. */
import { formatPlural } from '../parts/format.js'
import { Notice } from '../parts/notice.js'
import type { PlanRow } from './plan-rows.js'

/** More would push the new plan out of sight. */
const SHOWN = 10

interface Props {
  /** Rows of the old plan that the new one does not have. */
  gone: PlanRow[]
  /** Rows of the new plan that are new or say something else; they are marked below. */
  fresh: number
  /** One of the two plans cannot be shown as a whole. */
  partial: boolean
  /** There is nothing left to apply. */
  empty: boolean
}

export function MovedNotice({ gone, fresh, partial, empty }: Props) {
  return (
    <Notice tone="warn">
      <strong>The plan was stale: nothing was written.</strong>
      <p>
        The catalogue or a provider has changed since you looked.{' '}
        {fresh > 0 && `${formatPlural(fresh, 'change')} below moved and ${fresh === 1 ? 'is' : 'are'} marked. `}
        {gone.length > 0 &&
          `${formatPlural(gone.length, 'change')} of the old plan ${gone.length === 1 ? 'is' : 'are'} gone:`}
        {partial && 'More may have moved among the changes that cannot be shown.'}
      </p>
      {gone.length > 0 && (
        <ul className="gone">
          {gone.slice(0, SHOWN).map((row) => (
            <li key={row.key}>
              <span className={`kind ${row.kind}`}>{row.kind}</span> <span className="model-ref">{row.modelId}</span>
            </li>
          ))}
          {gone.length > SHOWN && <li>and {gone.length - SHOWN} more</li>}
        </ul>
      )}
      {!empty && <p>Look at the plan as it is now, and apply that one.</p>}
    </Notice>
  )
}
