/** Who has how many models now, the largest first; a click shows them. */
import type { ModelStats } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'
import { providerName } from '../parts/names.js'
import { Link } from '../shell/link.js'

const SHOWN = 8

export function ProviderSizes({ stats: { byProvider } }: { stats: ModelStats }) {
  const sizes = Object.entries(byProvider).sort(([, a], [, b]) => b - a)
  const [, most] = sizes[0] ?? ['', 1]
  const rest = sizes.slice(SHOWN)
  return (
    <ul className="sizes">
      {sizes.slice(0, SHOWN).map(([slug, count]) => (
        <li key={slug}>
          <Link view="models" query={{ provider: slug }}>
            {providerName(slug)}
          </Link>
          <span className="share" aria-hidden="true">
            <span style={{ width: `${(count / most) * 100}%` }} />
          </span>
          <span className="number">{formatCount(count)}</span>
        </li>
      ))}
      {rest.length > 0 && (
        <li className="muted">
          and {rest.length} more with {formatCount(rest.reduce((sum, [, count]) => sum + count, 0))}
        </li>
      )}
    </ul>
  )
}
