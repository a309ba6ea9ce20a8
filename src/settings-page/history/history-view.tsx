/** Every run, newest first; one of them in full. */
import { useRuns } from '../api/queries.js'
import { Empty } from '../parts/empty.js'
import { PagedList } from '../parts/paged-list.js'
import { ViewTitle } from '../parts/view-title.js'
import { usePlace } from '../shell/router.js'
import { RunDrawer } from './run-drawer.js'
import { RunLine } from './run-line.js'
import '../styles/history.css'

export function HistoryView() {
  const run = usePlace().query.get('run')
  const list = useRuns()
  const runs = list.data?.pages.flatMap((page) => page.runs) ?? []
  return (
    <>
      <ViewTitle title="History">
        <p className="muted">Every sync, whatever started it and however it ended.</p>
      </ViewTitle>
      <PagedList
        what="runs"
        list={list}
        empty={
          runs.length > 0 ? null : (
            <Empty title="No sync has run yet">
              <p className="muted">Press Refresh Models, or set LITELLM_AUTO_SYNC=true to have it done on schedule.</p>
            </Empty>
          )
        }
      >
        <ul className="card runs" aria-label="Runs">
          {runs.map((one) => (
            <RunLine key={one.runId} run={one} />
          ))}
        </ul>
      </PagedList>
      {run !== null && <RunDrawer key={run} runId={run} />}
    </>
  )
}
