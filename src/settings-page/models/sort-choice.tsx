/** Sorting where the columns have no heads to press: on a narrow screen, where each model is a card. */
import { changeQuery } from '../shell/router.js'
import { columns, type ColumnMeta } from './columns.js'

/** @param sort a sort key of the API, behind `-` for descending; `null`: by id */
export function SortChoice({ sort }: { sort: string | null }) {
  return (
    <select
      className="field"
      aria-label="Sort"
      value={sort ?? ''}
      onChange={(event) => changeQuery({ sort: event.target.value })}
    >
      <option value="">Sorted by id</option>
      {columns
        .filter(({ enableSorting }) => enableSorting === true)
        .flatMap(({ id, meta }) => {
          const { title } = meta as ColumnMeta
          return [
            <option key={id} value={id}>{`${title}, ascending`}</option>,
            <option key={`-${id}`} value={`-${id}`}>{`${title}, descending`}</option>,
          ]
        })}
    </select>
  )
}
