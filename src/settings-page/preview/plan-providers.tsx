/** What a plan says of a provider as a whole: why there is none, what hangs on the models that would leave; and what an undo leaves alone. */
import type { ProviderPlan, SyncResult } from '../../client/contract.js'
import { useProviders } from '../api/queries.js'
import { formatCount } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
import { adviceFor, wrongWith } from '../sync/advice.js'
import { Warnings } from '../sync/warnings.js'

export function PlanProviders({ result }: { result: SyncResult }) {
  const { data: providers } = useProviders()
  const failed = result.providers.filter(({ status }) => status === 'failed' || status === 'incomplete')
  const warnings = result.providers.flatMap((provider) =>
    provider.warnings.map((line) => `${providerName(provider.provider)}: ${line}`),
  )
  return (
    <>
      {failed.map((provider) => {
        const wrong = wrongWith(provider)
        if (wrong === null) return null
        const { what, next } = adviceFor(
          wrong,
          providers?.find(({ slug }) => slug === provider.provider),
        )
        return (
          <div key={provider.provider} className="advice bad">
            <p>
              <strong>{what}</strong> {next}
            </p>
            {next !== null && <p className="reported">{wrong.message}</p>}
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
      <Warnings lines={warnings} />
    </>
  )
}

// What the host tells of one model stands beside that model.
function usedInAll({ impact }: ProviderPlan): string {
  const all = impact.filter(({ modelId }) => modelId === undefined)
  return all.map(({ count, label }) => `${formatCount(count)} ${label}`).join(', ')
}
