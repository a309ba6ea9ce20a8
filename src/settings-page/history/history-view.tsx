/** Every run, newest first; one of them in full. */
import { useRuns } from '../api/queries.js'
import { Empty } from '../parts/empty.js'
import { ReadProblem } from '../parts/read-problem.js'
import { ViewTitle } from '../parts/view-title.js'
import { usePlace } from '../shell/router.js'
import { RunDrawer } from './run-drawer.js'
import { RunLine } from './run-line.js'
import '../styles/history.css'

export function HistoryView() {
  const run = usePlace().query.get('run')
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRuns()
  const runs = data?.pages.flatMap((page) => page.runs) ?? []
  return (
    <>
      <ViewTitle title="History">
        <p className="muted">Every sync, whatever started it and however it ended.</p>
      </ViewTitle>
      {error !== null && data === undefined && (
        <ReadProblem error={error} what="The runs" onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && <p className="loading">Loading runs…</p>}
      {data !== undefined && runs.length === 0 && (
        <div className="card">
          <Empty title="No sync has run yet">
            <p className="muted">Press Refresh Models, or set LITELLM_AUTO_SYNC=true to have it done on schedule.</p>
          </Empty>
        </div>
      )}
      {runs.length > 0 && (
        <ul className="card runs" aria-label="Runs">
          {runs.map((one) => (
            <RunLine key={one.runId} run={one} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="button"
            aria-disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : 'Older runs'}
          </button>
        </p>
      )}
      {run !== null && <RunDrawer key={run} runId={run} />}
    </>
  )
}
