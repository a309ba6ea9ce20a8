/** The views, as links. */
import { Link } from './link.js'
import type { ViewName } from './router.js'

const ENTRIES: [view: ViewName, title: string][] = [
  ['overview', 'Overview'],
  ['models', 'Models'],
  ['changes', 'Changes'],
  ['history', 'History'],
  ['providers', 'Providers'],
  ['names', 'Names'],
]

export function Navigation({ current }: { current: ViewName }) {
  return (
    <nav className="navigation" aria-label="Views">
      <ul>
        {ENTRIES.map(([view, title]) => (
          <li key={view}>
            <Link view={view} className="tab" aria-current={view === current ? 'page' : undefined}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
