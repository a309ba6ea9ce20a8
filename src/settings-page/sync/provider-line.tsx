/** What a run did with one provider: its state, counts and duration, and when it went wrong what that means and what to do. */
import type { ProviderResult, ProviderStatus } from '../../client/contract.js'
import { formatDuration, formatPlural } from '../parts/format.js'
import { providerName } from '../parts/names.js'
import { Link } from '../shell/link.js'
import { adviceFor, withoutSlug } from './advice.js'
import { sentenceOfCounts } from './outcome.js'
import type { Tone } from './standing.js'
import { Warnings } from './warnings.js'

const STATES: Record<ProviderStatus, { word: string; tone: Tone }> = {
  ok: { word: 'synced', tone: 'good' },
  'not-modified': { word: 'not changed', tone: 'good' },
  held: { word: 'held', tone: 'warn' },
  incomplete: { word: 'incomplete', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
  skipped: { word: 'skipped', tone: 'quiet' },
  disabled: { word: 'disabled', tone: 'quiet' },
}

interface Props {
  result: ProviderResult
  error: string | null
  /** The run's counts are this provider's; they need not be told twice. */
  alone: boolean
}

export function ProviderLine({ result, error, alone }: Props) {
  const { word, tone } = STATES[result.status] ?? { word: result.status, tone: 'quiet' }
  const advice = error === null ? null : adviceFor(result, error)
  return (
    <li>
      <div className="provider-line">
        <strong>{providerName(result.provider)}</strong>
        <span className={`badge ${tone}`}>{word}</span>
        <span className="provider-counts">{countsOf(result, alone)}</span>
        <span
          className="provider-time"
          title={`Read in ${formatDuration(result.fetchMs)}, applied in ${formatDuration(result.applyMs)}`}
        >
          {formatDuration(result.fetchMs + result.applyMs)}
        </span>
      </div>
      {advice !== null && (
        <div className={`advice ${tone}`}>
          <p>
            <strong>{advice.what}</strong> {advice.next}
          </p>
          {advice.next !== null && <p className="reported">{error}</p>}
          {result.status === 'held' && (
            <Link view="preview" query={{ providers: result.provider }} className="button">
              Preview and approve
            </Link>
          )}
        </div>
      )}
      <Warnings lines={result.warnings.map((line) => withoutSlug(line, result.provider))} />
    </li>
  )
}

function countsOf(result: ProviderResult, alone: boolean): string {
  if (result.status === 'failed' || result.status === 'skipped' || result.status === 'disabled')
    return 'its models stay as they were'
  const listed = `${formatPlural(result.totalModels, 'model')} listed`
  return alone ? listed : `${listed}: ${sentenceOfCounts(result)}`
}
