/** Providers of which there is no plan, and why; and what an undo leaves alone. */
import type { SyncResult } from '../../client/contract.js'
import { useProviders } from '../api/queries.js'
import { providerName } from '../parts/names.js'
import { adviceFor, withName, withoutSlug } from '../sync/advice.js'
import { Warnings } from '../sync/warnings.js'

export function PlanProviders({ result }: { result: SyncResult }) {
  const { data: providers } = useProviders()
  const slugs = result.providers.map(({ provider }) => provider)
  const failed = result.providers.filter(({ status }) => status === 'failed' || status === 'incomplete')
  return (
    <>
      {failed.map((provider) => {
        const line = withoutSlug(provider.error ?? '', provider.provider)
        const { what, next } = adviceFor(
          provider,
          line,
          providers?.find(({ slug }) => slug === provider.provider),
        )
        return (
          <div key={provider.provider} className="advice bad">
            <p>
              <strong>{what}</strong> {next}
            </p>
            {next !== null && <p className="reported">{line}</p>}
            <p className="muted">
              Nothing is planned for {providerName(provider.provider)}; its models stay as they are.
            </p>
          </div>
        )
      })}
      <Warnings lines={result.warnings.map((line) => withName(line, slugs))} />
    </>
  )
}
