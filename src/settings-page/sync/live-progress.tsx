/** How far the run in progress is, provider by provider. */
import type { ProviderProgress, RunProgress } from '../../client/contract.js'
import { formatPlural } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
import { stateOf } from './provider-state.js'

const STATES: Record<ProviderProgress['state'], string> = {
  waiting: 'waiting for its turn',
  fetching: 'reading',
  applying: 'writing',
  done: 'done',
}

// Of the bar: a listing does not say how long it will be, so these are steps and no share of the time.
const FILLED: Record<ProviderProgress['state'], number> = { waiting: 0, fetching: 1, applying: 2, done: 3 }

export function LiveProgress({ run }: { run: RunProgress }) {
  const done = run.providers.filter(({ state }) => state === 'done').length
  return (
    <div className="live">
      <p className="live-summary">
        {done} of {formatPlural(run.providers.length, 'provider')} done
      </p>
      <ul className="live-providers" aria-label="Progress">
        {run.providers.map((one) => (
          <li key={one.provider} className="live-provider">
            <strong id={`live-${one.provider}`}>{providerName(one.provider)}</strong>
            <progress
              className={`bar ${barOf(one)}`}
              max={3}
              value={FILLED[one.state]}
              aria-labelledby={`live-${one.provider}`}
            />
            <span className="muted">{wordsOf(one)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function barOf({ state, result }: ProviderProgress): string {
  return state !== 'done' || result === null ? 'busy' : stateOf(result).tone
}

function wordsOf({ state, entries, result }: ProviderProgress): string {
  if (result !== null) return stateOf(result).word
  return entries > 0 ? `${STATES[state]}, ${formatPlural(entries, 'entry', 'entries')} so far` : STATES[state]
}
