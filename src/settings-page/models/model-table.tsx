/** The models as a table: its columns, and what its rows scroll in. */
import { useTable } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { CSSProperties, KeyboardEvent } from 'react'
import type { Model } from '../../client/contract.js'
import { useMedia } from '../parts/use-media.js'
import { CARDS, columns, features, leastWidth, metaOf } from './columns.js'
import type { LoadedModels } from './loaded-models.js'
import { ModelRows } from './model-rows.js'
import { SortHeader } from './sort-header.js'

// Pixels; styles/models.css gives the rows the same.
const ROW_HEIGHT = 56
const CARD_HEIGHT = 104

// The table decides on columns alone: the server sorts and filters, and rows that it knew of would be gone through at each page.
const NO_ROWS: Model[] = []

interface Props {
  models: LoadedModels
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
  /** @param missing rows that are in view, or before it, and not loaded */
  onLoad(missing: number): void
}

export function ModelTable({ models, total, shown, sort, onSort, waiting, canLoad, onLoad }: Props) {
  const [scroll, setScroll] = useState<HTMLElement | null>(null)
  const cards = useMedia(CARDS)
  const { visible, tracks, least } = useColumns(shown)

  return (
    <div
      ref={setScroll}
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
                meta={metaOf(column)}
                sortKey={column.columnDef.enableSorting === true ? column.id : null}
                sort={sort}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        {scroll !== null && (
          <ModelRows
            scroll={scroll}
            models={models}
            total={total}
            columns={visible}
            height={cards ? CARD_HEIGHT : ROW_HEIGHT}
            canLoad={canLoad}
            onLoad={onLoad}
          />
        )}
      </table>
    </div>
  )
}

/** The columns that are shown, their tracks of the grid, and their least width together, in pixels. */
function useColumns(shown: readonly string[]) {
  const table = useTable({
    features,
    columns,
    data: NO_ROWS,
    manualSorting: true,
    state: {
      columnVisibility: useMemo(
        () => Object.fromEntries(columns.map(({ id }) => [String(id), shown.includes(String(id))])),
        [shown],
      ),
    },
  })
  const visible = table.getVisibleLeafColumns()
  const tracks = visible.map((column) => metaOf(column).width).join(' ')
  // Narrower, the table scrolls sideways.
  const least = visible.reduce((sum, column) => sum + leastWidth(metaOf(column)), 0)
  return { visible, tracks, least }
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
