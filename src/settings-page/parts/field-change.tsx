/** A field's old value and its new one; of a set, only what came and what went. */
import { formatValue } from './value.js'

interface Props {
  title: string
  field: string
  from: unknown
  to: unknown
}

export function FieldChangeValues({ title, field, from, to }: Props) {
  const sets = from !== null && to !== null ? [membersOf(field, from), membersOf(field, to)] : []
  const [before, now] = sets
  if (before && now)
    return (
      <span className="field-change">
        <span className="field-name">{title}</span>{' '}
        {before
          .filter((member) => !now.includes(member))
          .map((member) => (
            <del key={member}>
              <span className="visually-hidden">no longer </span>
              {member}{' '}
            </del>
          ))}
        {now
          .filter((member) => !before.includes(member))
          .map((member) => (
            <ins key={member}>
              <span aria-hidden="true">+</span>
              <span className="visually-hidden">now </span>
              {member}{' '}
            </ins>
          ))}
      </span>
    )
  return (
    <span className="field-change">
      <span className="field-name">{title}</span>{' '}
      <del>
        <span className="visually-hidden">from </span>
        {formatValue(field, from)}
      </del>
      <span aria-hidden="true"> → </span>
      <ins>
        <span className="visually-hidden">to </span>
        {formatValue(field, to)}
      </ins>
    </span>
  )
}

/** The members of a set in words; `null`: the value is no set. */
function membersOf(field: string, value: unknown): string[] | null {
  if (field === 'capabilities' && typeof value === 'object' && value !== null)
    return Object.entries(value).map(([capability, able]) => formatValue(field, { [capability]: able }))
  if (!Array.isArray(value)) return null
  return value.map((member: unknown) => (field === 'otherPrices' ? formatValue(field, [member]) : String(member)))
}
