/** All of one model: its fields and where they come from, its prices over time, its changes, the names that lead to it. */
import { useModel } from '../api/queries.js'
import { Drawer } from '../parts/drawer.js'
import { Moment } from '../parts/moment.js'
import { ReadProblem } from '../parts/read-problem.js'
import { changeQuery } from '../shell/router.js'
import { AvailabilityCell } from './cells.js'
import { ModelChanges } from './model-changes.js'
import { ModelConflicts } from './model-conflicts.js'
import { ModelFields } from './model-fields.js'
import { ModelNames } from './model-names.js'
import { ModelProbe } from './model-probe.js'
import { PriceHistory } from './price-history.js'
import '../styles/drawer.css'

export function ModelDrawer({ id }: { id: string }) {
  const { data: model, error, refetch } = useModel(id)
  return (
    <Drawer titleId="drawer-title" onClose={() => changeQuery({ model: null })}>
      <header className="drawer-header">
        <h2 id="drawer-title">{model?.name ?? id}</h2>
        <code className="drawer-id">{id}</code>
        {model !== undefined && (
          <p className="drawer-state">
            <AvailabilityCell model={model} />
            <span className="muted">
              First seen <Moment iso={model.firstSeenAt} />
              {model.lastSeenAt !== null && (
                <>
                  , last seen <Moment iso={model.lastSeenAt} />
                </>
              )}
            </span>
          </p>
        )}
      </header>
      {error !== null && model === undefined && (
        <ReadProblem error={error} what="The model" onRetry={() => void refetch()} />
      )}
      {model === undefined && error === null && <p className="loading">Loading…</p>}
      {model !== undefined && (
        <>
          <ModelConflicts model={model} />
          <ModelFields model={model} />
          <PriceHistory model={model} />
          <ModelNames model={model} />
          <ModelProbe model={model} />
          <ModelChanges changes={model.changes} />
          <section className="drawer-section">
            <details>
              <summary>What upstream says, as it came</summary>
              <pre className="upstream" tabIndex={0}>
                {model.upstreamEntry === null ? 'Nothing is kept.' : JSON.stringify(model.upstreamEntry, null, 2)}
              </pre>
            </details>
          </section>
        </>
      )}
    </Drawer>
  )
}
