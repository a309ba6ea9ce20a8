/** What one run changed: its counts, its first changes, and the way to its undo. */
import { useState } from 'react'
import { formatCount, formatPlural } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { Link } from '../shell/link.js'
import type { ChangeGroup } from './by-run.js'
import { ChangeLine, KIND_WORDS } from './change-line.js'

/** Lines shown at once, and how many more each time. */
const FIRST = 8
const MORE = 100

export function RunChanges({ group: { runId, actor, cause, at, changes, counts } }: { group: ChangeGroup }) {
  const [shown, setShown] = useState(FIRST)
  const rest = changes.length - shown
  return (
    <li className="timeline-entry">
      <div className="card">
        <div className="timeline-top">
          <h2>
            {runId === null ? `By ${actor}` : cause === 'undo' ? 'Undo' : 'Sync'}, <Moment iso={at} />
          </h2>
          <span className="timeline-counts">
            {counts.map(([kind, models]) => (
              <span key={kind} className={`kind ${kind}`}>
                {formatCount(models)} {KIND_WORDS[kind]}
              </span>
            ))}
          </span>
          {runId !== null && (
            <span className="timeline-actions">
              <Link view="history" query={{ run: runId }}>
                Run
              </Link>
              <Link view="preview" query={{ undo: runId }}>
                Undo…
              </Link>
            </span>
          )}
        </div>
        <ul className="change-lines">
          {changes.slice(0, shown).map((change) => (
            <ChangeLine key={change.id} change={change} of="run" />
          ))}
        </ul>
        {rest > 0 && (
          <button type="button" className="link show-more" onClick={() => setShown(shown + MORE)}>
            {rest > MORE ? `${MORE} more of ${formatCount(rest)}` : formatPlural(rest, 'more change')}
          </button>
        )}
      </div>
    </li>
  )
}
