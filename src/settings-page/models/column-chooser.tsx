/** Which columns the list shows; kept in the address. */
import { useId } from 'react'
import { ColumnsIcon } from '../parts/icons.js'
import { Popover } from '../parts/popover.js'
import { changeQuery } from '../shell/router.js'
import { columns, USUAL_COLUMNS, type ColumnMeta } from './columns.js'

export function ColumnChooser({ shown }: { shown: readonly string[] }) {
  const id = useId()

  function toggle(column: string) {
    const next = columns
      .map((one) => String(one.id))
      .filter((one) => one !== 'name' && (one === column ? !shown.includes(one) : shown.includes(one)))
    const usual = next.join() === USUAL_COLUMNS.filter((one) => one !== 'name').join()
    // No column but the name is a choice too; an empty member would be none.
    changeQuery({ columns: usual ? null : next.length === 0 ? 'name' : next.join() })
  }

  return (
    <Popover
      label="Choose columns"
      className="button"
      trigger={
        <>
          <ColumnsIcon />
          Columns
        </>
      }
      panel={() => (
        <fieldset className="menu-choice">
          <legend>Columns</legend>
          {columns
            .filter((column) => column.id !== 'name')
            .map((column) => (
              <label key={column.id} htmlFor={`${id}-${column.id}`}>
                <input
                  id={`${id}-${column.id}`}
                  type="checkbox"
                  checked={shown.includes(String(column.id))}
                  onChange={() => toggle(String(column.id))}
                />
                {(column.meta as ColumnMeta).title}
              </label>
            ))}
          <button type="button" className="button" onClick={() => changeQuery({ columns: null })}>
            The usual ones
          </button>
        </fieldset>
      )}
    />
  )
}
