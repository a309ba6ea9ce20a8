/** What a run did: counts in words, then a line for each provider with its state, its error and its warnings in plain language. */
import type { SyncResult } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
import { countsInWords, outcomeOf, sentenceOfCounts } from './outcome.js'
import { ProviderLine } from './provider-line.js'
import { Warnings } from './warnings.js'

export function RunResult({ result }: { result: SyncResult }) {
  const listed = new Set(result.providers.map(({ provider }) => provider))
  const errors = result.problems.filter(({ provider }) => provider === null || !listed.has(provider))
  const nothing =
    ['failed', 'idle', 'cancelled'].includes(outcomeOf(result)) && sentenceOfCounts(result) === 'no models'
  return (
    <div className="result">
      {!nothing && <Counts result={result} />}
      {errors.map(({ provider, message }) => (
        <p key={`${provider} ${message}`} className="advice bad">
          {provider === null ? message : `${providerName(provider)}: ${message}`}
        </p>
      ))}
      {result.providers.length > 0 && (
        <ul className="provider-lines" aria-label="Providers">
          {result.providers.map((provider) => (
            <ProviderLine
              key={provider.provider}
              result={provider}
              alone={result.providers.length === 1}
              undo={result.trigger === 'undo'}
            />
          ))}
        </ul>
      )}
      {result.providers.length === 0 && result.success && result.trigger !== 'undo' && (
        <p>
          No provider was asked. Set <code>LITELLM_API_URL</code> and <code>LITELLM_API_KEY</code>, restart the server,
          then press Refresh Models.
        </p>
      )}
      <Warnings lines={warningsOfRun(result)} />
    </div>
  )
}

/** A run's counts, each in its colour. */
function Counts({ result }: { result: SyncResult }) {
  return (
    <ul className="counts" aria-label="Changes">
      {countsInWords(result, result.trigger === 'undo').map(({ key, count, word }) => (
        <li key={key} className={`count ${key}`} data-zero={count === 0}>
          <span className="count-number">{formatCount(count)}</span> {word}
        </li>
      ))}
    </ul>
  )
}

/** What belongs to no provider. */
function warningsOfRun({ warnings, providers }: SyncResult): string[] {
  return warnings.slice(providers.reduce((sum, provider) => sum + provider.warnings.length, 0))
}
