/** The providers: who is well, who is not and why, who is asked how often, and whether their keys are there. */
import { useProviders } from '../api/queries.js'
import { ReadProblem } from '../parts/read-problem.js'
import { ViewTitle } from '../parts/view-title.js'
import { formatPlural } from '../parts/format.js'
import { ProviderCard } from './provider-card.js'
import '../styles/providers.css'

export function ProvidersView() {
  const { data: providers, error, refetch } = useProviders()
  const known = providers?.filter(({ id, keyPresent }) => id !== null || keyPresent) ?? []
  const others = providers?.filter((provider) => !known.includes(provider)) ?? []
  return (
    <>
      <ViewTitle title="Providers">
        <p className="muted">
          {providers === undefined
            ? ''
            : `${formatPlural(known.length, 'provider')} in use, ${others.length} more can be set up.`}
        </p>
      </ViewTitle>
      {error !== null && providers === undefined && (
        <ReadProblem error={error} what="The providers" onRetry={() => void refetch()} />
      )}
      {providers === undefined && error === null && <p className="loading">Loading providers…</p>}
      {known.length > 0 && (
        <section aria-labelledby="used-title">
          <h2 id="used-title" className="visually-hidden">
            In use
          </h2>
          <ul className="provider-cards" aria-label="Providers in use">
            {known.map((provider) => (
              <ProviderCard key={provider.slug} provider={provider} />
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && (
        <section aria-labelledby="others-title">
          <h2 id="others-title" className="section-title">
            Can be set up
          </h2>
          <ul className="provider-cards small" aria-label="Providers that can be set up">
            {others.map((provider) => (
              <ProviderCard key={provider.slug} provider={provider} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
