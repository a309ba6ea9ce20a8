/** One provider. */
import type { Provider, ProviderEdit } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { providerName } from '../parts/labels.js'
import { Link } from '../shell/link.js'
import { adviceFor } from '../sync/advice.js'
import type { Tone } from '../sync/sync-state.js'
import { useSync } from '../sync/use-sync-actions.js'
import { DriftNote } from './drift-note.js'
import { IntervalField } from './interval-field.js'
import { useChangeProvider } from './use-change-provider.js'

export function ProviderCard({ provider }: { provider: Provider }) {
  const { change, busy, problem } = useChangeProvider(provider.slug)
  const name = providerName(provider.slug)
  const { word, tone } = healthOf(provider)
  const used = provider.id !== null || provider.keyPresent
  return (
    <li className={provider.enabled ? 'card provider' : 'card provider off'}>
      <div className="provider-top">
        <h3>{name}</h3>
        {(used || !provider.enabled) && <span className={`badge ${tone}`}>{word}</span>}
        {/* What was never set up has nothing to switch. */}
        {(used || !provider.enabled) && (
          <button
            type="button"
            role="switch"
            className="switch"
            aria-checked={provider.enabled}
            aria-label={`${name} enabled`}
            aria-disabled={busy}
            onClick={() => {
              if (!busy) change({ enabled: !provider.enabled })
            }}
          />
        )}
      </div>
      {problem !== null && (
        <p className="field-complaint" role="alert">
          {problem}
        </p>
      )}
      <Advice provider={provider} tone={tone} />
      {provider.backOff !== null && <p className="muted">{provider.backOff}</p>}
      <Facts provider={provider} used={used} />
      <DriftNote provider={provider} />
      {used && provider.syncable && <Actions provider={provider} onChange={change} />}
    </li>
  )
}

function Advice({ provider, tone }: { provider: Provider; tone: Tone }) {
  if (provider.lastError === null) return null
  const advice = adviceFor(
    { provider: provider.slug, cause: provider.lastProblem, message: provider.lastError },
    provider,
  )
  return (
    <div className={`advice ${tone === 'warn' ? 'warn' : 'bad'}`}>
      <p>
        <strong>{advice.what}</strong> {advice.next}
      </p>
      {advice.next !== null && <p className="reported">{provider.lastError}</p>}
    </div>
  )
}

function Facts({ provider, used }: { provider: Provider; used: boolean }) {
  return (
    <dl className="plain-facts">
      {used && (
        <>
          <div>
            <dt>Models</dt>
            <dd>
              <Link view="models" query={{ provider: provider.slug }}>
                {formatCount(provider.availableModels)} available
              </Link>
              {provider.unavailableModels > 0 && `, ${formatCount(provider.unavailableModels)} not`}
            </dd>
          </div>
          <div>
            <dt>Last success</dt>
            <dd>{provider.lastSuccessAt === null ? 'never' : <Moment iso={provider.lastSuccessAt} />}</dd>
          </div>
          <div>
            <dt>Last attempt</dt>
            <dd>{provider.lastAttemptAt === null ? 'never' : <Moment iso={provider.lastAttemptAt} />}</dd>
          </div>
          <div>
            <dt>Next attempt</dt>
            <dd>{provider.nextAttemptAt === null ? 'not scheduled' : <Moment iso={provider.nextAttemptAt} ahead />}</dd>
          </div>
        </>
      )}
      <div>
        <dt>Key</dt>
        <dd>{keyWords(provider)}</dd>
      </div>
      {provider.baseUrl !== null && (
        <div className="wide">
          <dt>Address</dt>
          <dd>
            <code>{provider.baseUrl}</code>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Actions({ provider, onChange }: { provider: Provider; onChange(change: ProviderEdit): void }) {
  const { refresh, refreshing } = useSync()
  return (
    <div className="provider-actions">
      <IntervalField provider={provider} onChange={(interval) => onChange({ interval })} />
      <button
        type="button"
        className="button"
        aria-label={`Refresh ${providerName(provider.slug)}`}
        aria-disabled={refreshing || !provider.enabled}
        onClick={() => {
          if (!refreshing && provider.enabled) refresh({ providers: [provider.slug] })
        }}
      >
        Refresh
      </button>
    </div>
  )
}

function healthOf(provider: Provider): { word: string; tone: Tone } {
  if (!provider.enabled) return { word: 'disabled', tone: 'quiet' }
  if (!provider.syncable) return { word: 'local models', tone: 'quiet' }
  if (provider.lastAttemptAt === null) return { word: 'never synced', tone: 'quiet' }
  if (provider.heldChanges > 0) return { word: `${formatCount(provider.heldChanges)} held`, tone: 'warn' }
  if (!provider.healthy || provider.lastError !== null) return { word: 'failing', tone: 'bad' }
  return { word: 'healthy', tone: 'good' }
}

function keyWords({ keyVariable, keyPresent, keyRequired }: Provider) {
  if (keyVariable === null) return 'none'
  const word = keyPresent ? 'present' : keyRequired ? 'missing' : 'not set, not needed'
  return (
    <>
      <span className={!keyPresent && keyRequired ? 'text-warn' : undefined}>{word}</span> <code>{keyVariable}</code>
    </>
  )
}
