/** What a run did: counts in words, then a line for each provider with its state, its error and its warnings in plain language. */
import type { SyncResult } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'
import { countsInWords, outcomeOf, sentenceOfCounts } from './outcome.js'
import { ProviderLine } from './provider-line.js'
import { withoutSlug } from './advice.js'
import { Warnings } from './warnings.js'

export function RunResult({ result }: { result: SyncResult }) {
  const { errors, warnings } = withoutProvider(result)
  const nothing =
    ['failed', 'idle', 'cancelled'].includes(outcomeOf(result)) && sentenceOfCounts(result) === 'no models'
  return (
    <div className="result">
      {!nothing && <Counts result={result} />}
      {errors.map((line) => (
        <p key={line} className="advice bad">
          {line}
        </p>
      ))}
      {result.providers.length > 0 && (
        <ul className="provider-lines" aria-label="Providers">
          {result.providers.map((provider) => (
            <ProviderLine
              key={provider.provider}
              result={provider}
              error={errorOf(provider, result)}
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
      <Warnings lines={warnings} />
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

// A provider's own error, else the run's line that starts with its slug.
function errorOf(
  { provider, error }: { provider: string; error?: string | null },
  { errors }: SyncResult,
): string | null {
  const line = error ?? errors.find((one) => one.startsWith(`${provider}: `)) ?? null
  return line === null ? null : withoutSlug(line, provider)
}

// What belongs to no provider: the database refused, the run was cancelled before the first answer.
function withoutProvider({ errors, warnings, providers }: SyncResult) {
  const foreign = (line: string) => !providers.some(({ provider }) => line.startsWith(`${provider}: `))
  return { errors: errors.filter(foreign), warnings: warnings.filter(foreign) }
}
