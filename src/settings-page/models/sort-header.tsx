/** The head of a column; where the API can sort by it, a button: up, down, as it was. */
import { ArrowIcon } from '../parts/icons.js'
import type { ColumnMeta } from './columns.js'

interface Props {
  meta: ColumnMeta
  /** `null`: cannot be sorted. */
  sortKey: string | null
  sort: string | null
  onSort(sort: string | null): void
}

export function SortHeader({ meta: { title, unit, kind }, sortKey, sort, onSort }: Props) {
  const direction =
    sortKey === null ? null : sort === sortKey ? 'ascending' : sort === `-${sortKey}` ? 'descending' : null
  const label = (
    <>
      {title}
      {direction !== null && <ArrowIcon down={direction === 'descending'} />}
      {unit !== undefined && <span className="unit"> {unit}</span>}
    </>
  )
  return (
    <th role="columnheader" scope="col" className={kind} aria-sort={direction ?? undefined}>
      {sortKey === null ? (
        <span className="column-label">{label}</span>
      ) : (
        <button
          type="button"
          className="column-label"
          onClick={() => onSort(direction === null ? sortKey : direction === 'ascending' ? `-${sortKey}` : null)}
        >
          {label}
        </button>
      )}
    </th>
  )
}
