/** One run in full: its result, and the undo of what it changed. */
import { useQuery } from '@tanstack/react-query'
import { CATALOGUE } from '../api/query-keys.js'
import { client } from '../api/client.js'
import { Drawer } from '../parts/drawer.js'
import { formatDuration } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { ReadProblem } from '../parts/read-problem.js'
import { Link } from '../shell/link.js'
import { changeQuery } from '../shell/router.js'
import { attemptOf } from '../sync/run-words.js'
import { RunResult } from '../sync/run-result.js'
import '../styles/drawer.css'

export function RunDrawer({ runId }: { runId: string }) {
  const {
    data: run,
    error,
    refetch,
  } = useQuery({
    queryKey: [...CATALOGUE, 'run', runId],
    queryFn: ({ signal }) => client.run(runId, { signal }),
  })
  return (
    <Drawer titleId="run-title" onClose={() => changeQuery({ run: null })}>
      <header className="drawer-header">
        <h2 id="run-title">Run</h2>
        <code className="drawer-id">{runId}</code>
      </header>
      {error !== null && run === undefined && (
        <ReadProblem error={error} what="The run" onRetry={() => void refetch()} />
      )}
      {run !== undefined && (
        <>
          <p>
            <Moment iso={run.startedAt} />, {attemptOf(run)}
            {run.durationMs !== null && `, took ${formatDuration(run.durationMs)}`}
          </p>
          {run.result !== null && <RunResult result={run.result} />}
          <p className="buttons">
            <Link view="preview" query={{ undo: run.runId }} className="button">
              Undo this run…
            </Link>
          </p>
          <p className="help">You see what would be taken back before anything is.</p>
        </>
      )}
    </Drawer>
  )
}
