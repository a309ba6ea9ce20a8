/** More ways to refresh: some providers only, a preview first, every row anew. */
import { useId, useState } from 'react'
import { useProviders } from '../api/queries.js'
import { ChevronIcon } from '../parts/icons.js'
import { providerName } from '../parts/labels.js'
import { Popover } from '../parts/popover.js'
import { useSync } from '../sync/use-sync-actions.js'
import { navigate } from './router.js'

export function RefreshMenu({ running }: { running: boolean }) {
  return (
    <Popover
      label="More ways to refresh"
      className="button primary split-more"
      trigger={<ChevronIcon />}
      panel={(close) => <Menu running={running} close={close} />}
    />
  )
}

function Menu({ running, close }: { running: boolean; close(): void }) {
  const { refresh } = useSync()
  const [chosen, setChosen] = useState<string[]>([])

  function toggle(slug: string) {
    setChosen((before) => (before.includes(slug) ? before.filter((one) => one !== slug) : [...before, slug]))
  }

  return (
    <div className="menu">
      <button
        type="button"
        className="menu-item"
        onClick={() => {
          close()
          navigate('preview', { providers: chosen.join(',') })
        }}
      >
        <strong>Preview changes</strong>
        <span>Look at what a sync would do before anything is written.</span>
      </button>
      <button
        type="button"
        className="menu-item"
        aria-disabled={running}
        onClick={() => {
          if (running) return
          close()
          refresh({ forceUpdate: true, ...(chosen.length > 0 ? { providers: chosen } : {}) })
        }}
      >
        <strong>Force update</strong>
        <span>Read every answer anew and rewrite each row, also what seems unchanged.</span>
      </button>
      <ProviderChoice
        chosen={chosen}
        onToggle={toggle}
        disabled={running || chosen.length === 0}
        onRefresh={() => {
          close()
          refresh({ providers: chosen })
        }}
      />
    </div>
  )
}

interface ChoiceProps {
  chosen: readonly string[]
  onToggle(slug: string): void
  disabled: boolean
  onRefresh(): void
}

function ProviderChoice({ chosen, onToggle, disabled, onRefresh }: ChoiceProps) {
  const { data: providers = [] } = useProviders()
  const id = useId()
  // Those that were synced before, or have what it takes.
  const usable = providers.filter(
    ({ syncable, enabled, id: row, keyPresent }) => syncable && enabled && (row !== null || keyPresent),
  )
  if (usable.length === 0) return null
  return (
    <fieldset className="menu-choice">
      <legend>Providers</legend>
      {usable.map(({ slug }) => (
        <label key={slug} htmlFor={`${id}-${slug}`}>
          <input id={`${id}-${slug}`} type="checkbox" checked={chosen.includes(slug)} onChange={() => onToggle(slug)} />
          {providerName(slug)}
        </label>
      ))}
      <p className="help">None ticked: the configured ones.</p>
      <button
        type="button"
        className="button"
        aria-disabled={disabled}
        onClick={() => {
          if (!disabled) onRefresh()
        }}
      >
        Refresh these
      </button>
    </fieldset>
  )
}
