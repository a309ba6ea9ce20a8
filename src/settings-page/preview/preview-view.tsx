/** What a sync, or an undo, would do: look, choose, and have exactly this carried out. */
import { ApiError } from '../../client/api-error.js'
import type { SyncResult } from '../../client/contract.js'
import { formatDuration } from '../parts/format.js'
import { Notice } from '../parts/notice.js'
import { ViewTitle } from '../parts/view-title.js'
import { Link } from '../shell/link.js'
import { usePlace } from '../shell/router.js'
import { RunResult } from '../sync/run-result.js'
import { headlineOf, outcomeOf } from '../sync/outcome.js'
import { PlanDiff } from './plan-diff.js'
import { PlanProviders } from './plan-providers.js'
import { usePlan } from './use-plan.js'
import '../styles/plan.css'

const TOO_LARGE = 413

export function PreviewView() {
  const { query } = usePlace()
  const undo = query.get('undo')
  const providers = query.get('providers') ?? ''
  return <Preview key={`${undo} ${providers}`} undo={undo} providers={providers.split(',').filter(Boolean)} />
}

function Preview({ undo, providers }: { undo: string | null; providers: string[] }) {
  const { preview, stale, applied, planning, applying, problem, plan, apply } = usePlan({ undo, providers })
  const readOnly = problem instanceof ApiError && problem.refused
  return (
    <>
      <ViewTitle title={undo === null ? 'Preview' : 'Undo a run'}>
        <p className="muted">
          {undo === null ? 'What a sync would do now. ' : 'What would be taken back. '}
          {applied === null && 'Nothing is written until you apply it.'}
        </p>
        {applied === null && preview !== null && (
          <div className="view-actions">
            <button type="button" className="button" aria-disabled={planning} onClick={plan}>
              {planning ? 'Looking…' : 'Look again'}
            </button>
          </div>
        )}
      </ViewTitle>
      {problem !== null && (
        <Notice tone={readOnly ? 'warn' : 'bad'}>
          <strong>{readOnly ? 'A preview needs an administrator.' : 'That did not go through.'}</strong>
          <p>{readOnly ? 'Until you sign in this page is read-only.' : wordsOf(problem)}</p>
          {preview === null && (
            <button type="button" className="button" onClick={plan}>
              {readOnly ? 'Sign in' : 'Try again'}
            </button>
          )}
        </Notice>
      )}
      {planning && preview === null && (
        <p className="loading" role="status">
          {undo === null ? 'Asking the providers…' : 'Reading the run…'}
        </p>
      )}
      {applied !== null ? (
        <AppliedPlan result={applied} />
      ) : (
        preview?.plan !== undefined && (
          <>
            <PlanProviders result={preview} />
            <PlanDiff
              // Another plan starts with a choice of its own.
              key={preview.plan.planHash}
              plan={preview.plan}
              before={stale?.plan ?? null}
              whole={undo !== null}
              failed={preview.providers.filter(({ status }) => status === 'failed' || status === 'incomplete').length}
              applying={applying}
              onApply={apply}
            />
            <p className="muted">
              Made in {formatDuration(preview.durationMs)} from revision {preview.plan.revision ?? 'unknown'}. If the
              catalogue or a provider changes before you apply it, nothing is written and you see what moved.
            </p>
          </>
        )
      )}
    </>
  )
}

function AppliedPlan({ result }: { result: SyncResult }) {
  return (
    <section className="card panel" aria-labelledby="applied-title">
      <div role="status">
        <h2 id="applied-title">{result.success ? 'Applied' : headlineOf(outcomeOf(result))}</h2>
      </div>
      <RunResult result={result} />
      <p className="buttons">
        {result.runId !== null && (
          <Link view="history" query={{ run: result.runId }} className="button">
            See the run
          </Link>
        )}
        <Link view="models" className="button">
          See the models
        </Link>
      </p>
    </section>
  )
}

function wordsOf(problem: Error): string {
  // Our own limit holds any choice; what stands in front of the server may have a smaller one.
  return problem instanceof ApiError && problem.status === TOO_LARGE
    ? 'Your choice is longer than a proxy in front of this server lets through (413). Apply fewer models at a time, or the whole plan.'
    : problem.message
}
