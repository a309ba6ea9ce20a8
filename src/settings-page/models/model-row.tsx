/** One model of the list. */
import { memo, useLayoutEffect, useRef } from 'react'
import type { Model } from '../../client/contract.js'
import { metaOf, type ModelColumn } from './columns.js'
import { FieldMark } from './field-mark.js'

interface Props {
  model: Model
  index: number
  /** Pixels from the top of the list. */
  top: number
  /** Those that are shown; the same array as long as they are the same. */
  columns: readonly ModelColumn[]
}

/** Drawn anew only for another model, place or set of columns, not whenever the list scrolls. */
export const ModelRow = memo(function ModelRow({ model, index, top, columns }: Props) {
  const row = useRef<HTMLTableRowElement>(null)
  const shown = useRef(model.id)
  // The row has become another model's, which must not take over the focus.
  useLayoutEffect(() => {
    if (shown.current === model.id) return
    shown.current = model.id
    if (row.current?.contains(document.activeElement) === true)
      row.current.closest<HTMLElement>('.table-scroll')?.focus({ preventScroll: true })
  }, [model.id])
  return (
    <tr ref={row} role="row" aria-rowindex={index + 2} className={model.availability} style={{ top }}>
      {columns.map((column) => {
        const { kind, title, content } = metaOf(column)
        return kind === 'model' ? (
          <th key={column.id} role="rowheader" scope="row" className={kind}>
            {content(model)}
          </th>
        ) : (
          <td key={column.id} role="cell" className={kind} data-label={title}>
            {content(model)}
            <FieldMark model={model} field={column.id} />
          </td>
        )
      })}
    </tr>
  )
})

interface WaitingProps {
  index: number
  /** Pixels from the top of the list. */
  top: number
}

/** Stands where a model will be once its page is read. */
export const WaitingRow = memo(function WaitingRow({ index, top }: WaitingProps) {
  return (
    <tr role="row" aria-rowindex={index + 2} className="waiting" style={{ top }}>
      <td role="cell">
        <span className="visually-hidden">Loading…</span>
      </td>
    </tr>
  )
})
