/** What a plan says of a provider as a whole: why there is none, what hangs on the models that would leave; and what an undo leaves alone. */
import type { ProviderPlan, SyncResult } from '../../client/contract.js'
import { useProviders } from '../api/queries.js'
import { formatCount } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
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
      {result.plan?.providers.map((plan) => {
        const used = usedInAll(plan)
        return used === '' ? null : (
          <p key={plan.provider} className="advice warn">
            <strong>In use: {used}.</strong> They hang on the models of {providerName(plan.provider)} that would become
            unavailable.
          </p>
        )
      })}
      <Warnings lines={result.warnings.map((line) => withName(line, slugs))} />
    </>
  )
}

// What the host tells of one model stands beside that model.
function usedInAll({ impact }: ProviderPlan): string {
  const all = impact.filter(({ modelId }) => modelId === undefined)
  return all.map(({ count, label }) => `${formatCount(count)} ${label}`).join(', ')
}
