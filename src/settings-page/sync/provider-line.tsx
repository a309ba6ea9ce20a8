/** What a run did with one provider: its state, counts and duration, and when it went wrong what that means and what to do. */
import type { ProviderResult } from '../../client/contract.js'
import { useProviders } from '../api/queries.js'
import { formatDuration, formatPlural } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
import { Link } from '../shell/link.js'
import { adviceFor, wrongWith } from './advice.js'
import { sentenceOfCounts } from './outcome.js'
import { stateOf } from './provider-state.js'
import { useSync } from './use-sync-actions.js'
import { Warnings } from './warnings.js'

interface Props {
  result: ProviderResult
  /** The run's counts are this provider's; they need not be told twice. */
  alone: boolean
  /** The run took back what another had done: nothing was listed. */
  undo: boolean
}

export function ProviderLine({ result, alone, undo }: Props) {
  const { data: providers } = useProviders()
  const { refresh } = useSync()
  const { word, tone, cancelled } = stateOf(result)
  const asked = result.status !== 'disabled' && result.status !== 'skipped'
  // That a person stopped it is all there is to say.
  const wrong = cancelled ? null : wrongWith(result)
  const settable = providers?.find(({ slug }) => slug === result.provider)
  const advice = wrong === null ? null : adviceFor(wrong, settable)
  return (
    <li>
      <div className="provider-line">
        <strong>{providerName(result.provider)}</strong>
        <span className={`badge ${tone}`}>{undo && result.status === 'ok' ? 'taken back' : word}</span>
        <span className="provider-counts">{countsOf(result, alone, undo)}</span>
        {asked && (
          <span
            className="provider-time"
            title={`Read in ${formatDuration(result.fetchMs)}, applied in ${formatDuration(result.applyMs)}`}
          >
            {formatDuration(result.fetchMs + result.applyMs)}
          </span>
        )}
      </div>
      {advice !== null && (
        <div className={`advice ${tone}`}>
          <p>
            <strong>{advice.what}</strong> {advice.next}
          </p>
          {advice.next !== null && <p className="reported">{result.error}</p>}
          {(result.status === 'failed' || result.status === 'incomplete') && !undo && (
            <button type="button" className="button" onClick={() => refresh({ providers: [result.provider] })}>
              Refresh {providerName(result.provider)} again
            </button>
          )}
          {result.status === 'held' && (
            <Link view="preview" query={{ providers: result.provider }} className="button">
              Preview and approve
            </Link>
          )}
        </div>
      )}
      <Warnings lines={result.warnings} />
    </li>
  )
}

function countsOf(result: ProviderResult, alone: boolean, undo: boolean): string {
  if (result.status === 'failed' || result.status === 'skipped' || result.status === 'disabled')
    return 'its models stay as they were'
  if (undo) return alone ? '' : sentenceOfCounts(result)
  const listed = `${formatPlural(result.totalModels, 'model')} listed`
  return alone ? listed : `${listed}: ${sentenceOfCounts(result)}`
}
