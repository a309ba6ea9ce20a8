/** One model of the list. */
import { flexRender, type Row } from '@tanstack/react-table'
import { memo } from 'react'
import type { Model } from '../../client/contract.js'
import type { ColumnMeta, features } from './columns.js'

interface Props {
  row: Row<typeof features, Model>
  model: Model
  index: number
  /** Pixels from the top of the list. */
  top: number
  /** Names the columns that are shown. */
  columnKey: string
}

/** Drawn anew only for another model, place or set of columns: the table makes new rows with each page. */
export const ModelRow = memo(
  function ModelRow({ row, model, index, top }: Props) {
    return (
      <tr
        role="row"
        aria-rowindex={index + 2}
        className={model.availability}
        style={{ transform: `translateY(${top}px)` }}
      >
        {row.getVisibleCells().map((cell) => {
          const { id, column } = cell
          const { kind, title } = column.columnDef.meta as ColumnMeta
          const content = flexRender(column.columnDef.cell, cell.getContext())
          return kind === 'model' ? (
            <th key={id} role="rowheader" scope="row" className={kind}>
              {content}
            </th>
          ) : (
            <td key={id} role="cell" className={kind} data-label={title}>
              {content}
            </td>
          )
        })}
      </tr>
    )
  },
  (before, after) =>
    before.model === after.model &&
    before.index === after.index &&
    before.top === after.top &&
    before.columnKey === after.columnKey,
)

/** Stands where a model will be once its page is read. */
export function WaitingRow({ index, top }: { index: number; top: number }) {
  return (
    <tr role="row" aria-rowindex={index + 2} className="waiting" style={{ transform: `translateY(${top}px)` }}>
      <td role="cell">
        <span className="visually-hidden">Loading…</span>
      </td>
    </tr>
  )
}
