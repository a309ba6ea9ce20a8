/** Who has how many available models now, the largest first, as the picture counts them; a click shows them. */
import { useProviders } from '../api/queries.js'
import { formatCount } from '../parts/format.js'
import { providerName } from '../parts/labels.js'
import { Link } from '../shell/link.js'

const SHOWN = 8

export function ProviderSizes() {
  const { data: providers = [] } = useProviders()
  const sizes = providers
    .filter(({ totalModels }) => totalModels > 0)
    .sort((a, b) => b.availableModels - a.availableModels)
  const most = Math.max(1, sizes[0]?.availableModels ?? 0)
  const rest = sizes.slice(SHOWN)
  return (
    <ul className="sizes" aria-label="Available models by provider">
      {sizes.slice(0, SHOWN).map(({ slug, availableModels }) => (
        <li key={slug}>
          <Link view="models" query={{ provider: slug, availability: 'available' }}>
            {providerName(slug)}
          </Link>
          <span className="share" aria-hidden="true">
            {availableModels > 0 && <span style={{ width: `${(availableModels / most) * 100}%` }} />}
          </span>
          <span className="number">{formatCount(availableModels)}</span>
        </li>
      ))}
      {rest.length > 0 && (
        <li className="muted">
          and {rest.length} more with {formatCount(rest.reduce((sum, one) => sum + one.availableModels, 0))}
        </li>
      )}
    </ul>
  )
}
