/** "Refresh Models", cancel while it runs, and the menu beside it. */
import { RefreshIcon } from '../parts/icons.js'
import { useSync } from '../sync/use-sync-actions.js'
import { RefreshMenu } from './refresh-menu.js'

export function RefreshControls({ running }: { running: boolean }) {
  const { refresh, cancel, cancelling } = useSync()
  return (
    <div className="refresh">
      {running && (
        <button type="button" className="button" onClick={cancel} aria-disabled={cancelling}>
          {cancelling ? 'Cancelling…' : 'Cancel'}
        </button>
      )}
      <div className="split">
        {/* aria-disabled, not disabled: the button keeps the focus while the sync runs. */}
        <button
          type="button"
          className="button primary"
          aria-disabled={running}
          onClick={() => {
            if (!running) refresh()
          }}
        >
          <RefreshIcon turning={running} />
          Refresh Models
        </button>
        <RefreshMenu running={running} />
      </div>
    </div>
  )
}
