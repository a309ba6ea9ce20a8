/** The models as a table of which only the rows in view exist; further pages are read as they come into view. */
import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { CSSProperties, KeyboardEvent } from 'react'
import type { Model } from '../../client/contract.js'
import { useMedia } from '../parts/use-media.js'
import { columns, features, leastWidth, type ColumnMeta } from './columns.js'
import { ModelRow, WaitingRow } from './model-row.js'
import { SortHeader } from './sort-header.js'

// Pixels; styles/models.css gives the rows the same.
const ROW_HEIGHT = 56
const CARD_HEIGHT = 104
/** Rows beyond those that are loaded which may come into view before the next page is asked for. */
const READ_AHEAD = 200

interface Props {
  models: Model[]
  /** Of all pages. */
  total: number
  /** Ids of the columns to show. */
  shown: readonly string[]
  /** A sort key of the API, behind `-` for descending; `null`: by id. */
  sort: string | null
  onSort(sort: string | null): void
  /** Other rows are on their way; these are from the former search. */
  waiting: boolean
  /** There is a next page and it is not being read. */
  canLoad: boolean
  onLoad(): void
}

export function ModelTable({ models, total, shown, sort, onSort, waiting, canLoad, onLoad }: Props) {
  const scroll = useRef<HTMLDivElement>(null)
  const cards = useMedia('(width <= 700px)')
  const height = cards ? CARD_HEIGHT : ROW_HEIGHT
  const table = useTable({
    features,
    columns,
    data: models,
    getRowId: (model) => model.id,
    manualSorting: true,
    state: {
      columnVisibility: useMemo(
        () => Object.fromEntries(columns.map(({ id }) => [String(id), shown.includes(String(id))])),
        [shown],
      ),
    },
  })
  const { rows } = table.getRowModel()
  const visible = table.getVisibleLeafColumns()
  const columnKey = visible.map(({ id }) => id).join()
  const tracks = visible.map(({ columnDef }) => (columnDef.meta as ColumnMeta).width).join(' ')

  // Narrower, the table scrolls sideways.
  const least = visible.reduce((sum, { columnDef }) => sum + leastWidth(columnDef.meta as ColumnMeta), 0)

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 6,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (canLoad && last + READ_AHEAD >= models.length) onLoad()
  }, [canLoad, last, models.length, onLoad])

  return (
    <div
      ref={scroll}
      className={cards ? 'table-scroll cards' : 'table-scroll'}
      role="region"
      aria-label="Models, scrolls"
      tabIndex={0}
      aria-busy={waiting}
      onKeyDown={moveFocus}
    >
      {/* The roles are written out, since the layout of a grid takes them away. */}
      <table
        className="table"
        role="table"
        aria-rowcount={total + 1}
        style={{ '--tracks': tracks, '--least': `${cards ? 0 : least}px` } as CSSProperties}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            {visible.map((column) => (
              <SortHeader
                key={column.id}
                meta={column.columnDef.meta as ColumnMeta}
                sortKey={column.columnDef.enableSorting === true ? column.id : null}
                sort={sort}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index]
            return row === undefined ? (
              <WaitingRow key={key} index={index} top={start} />
            ) : (
              <ModelRow key={key} row={row} model={row.original} index={index} top={start} columnKey={columnKey} />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

// Arrow keys go from model to model; what is not in view yet comes with the scrolling that focus causes.
function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const row = (event.target as HTMLElement).closest('tbody tr')
  if (step === undefined || row === null) return
  const index = Number(row.getAttribute('aria-rowindex')) + step
  const next = row.parentElement?.querySelector<HTMLElement>(`[aria-rowindex="${index}"] .model-link`)
  if (!next) return
  event.preventDefault()
  next.focus()
}
