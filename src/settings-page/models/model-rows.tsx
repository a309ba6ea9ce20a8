/** The rows in view, which alone exist; further pages are read as they come near. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect } from 'react'
import type { ModelColumn } from './columns.js'
import type { LoadedModels } from './loaded-models.js'
import { ModelRow, WaitingRow } from './model-row.js'

/** Rows beyond those that are loaded which may come into view before the next page is asked for. */
const READ_AHEAD = 400

/** Rows beyond those in view, on both sides. */
const OVERSCAN = 6

interface Props {
  /** What the rows scroll in. */
  scroll: HTMLElement
  models: LoadedModels
  /** Of all pages. */
  total: number
  /** Those that are shown. */
  columns: readonly ModelColumn[]
  /** Pixels of each row. */
  height: number
  /** There is a next page and it is not being read. */
  canLoad: boolean
  /** @param missing rows that are in view, or before it, and not loaded */
  onLoad(missing: number): void
}

/** A component of its own: scrolling draws it anew, and nothing else. */
export function ModelRows({ scroll, models, total, columns, height, canLoad, onLoad }: Props) {
  // Items are named by their place: names that come with the models would make it measure the whole list again for each page.
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroll,
    estimateSize: () => height,
    overscan: OVERSCAN,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (canLoad && last + READ_AHEAD >= models.count) onLoad(last - models.count)
  }, [canLoad, last, models, onLoad])

  // As many as can be there at once. A row that leaves becomes the one that comes: to make rows anew costs each frame of scrolling twice as much.
  const slots = Math.ceil(scroll.clientHeight / height) + 2 * OVERSCAN + 2
  return (
    <tbody role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
      {items.map(({ index, start }) => {
        const model = models.at(index)
        return model === undefined ? (
          <WaitingRow key={`waiting ${index}`} index={index} top={start} />
        ) : (
          <ModelRow key={index % slots} model={model} index={index} top={start} columns={columns} />
        )
      })}
    </tbody>
  )
}
