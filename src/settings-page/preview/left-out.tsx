/** Says that a plan has more changes than an answer can show, and lets a person approve those too. */
import { formatPlural } from '../parts/format.js'

interface Props {
  /** Changes that are not shown. */
  count: number
  /** The whole plan is approved, what is not shown included. */
  chosen: boolean
  /** `null`: it can only be approved as a whole. */
  onChoose: ((chosen: boolean) => void) | null
}

export function LeftOut({ count, chosen, onChoose }: Props) {
  const changes = formatPlural(count, 'more change')
  if (onChoose === null)
    return <p className="left-out">{changes} of this plan cannot be shown here and belong to it.</p>
  return (
    <label className="check left-out">
      <input type="checkbox" checked={chosen} onChange={(event) => onChoose(event.target.checked)} />
      Apply the whole plan, also the {changes} that cannot be shown here
    </label>
  )
}
