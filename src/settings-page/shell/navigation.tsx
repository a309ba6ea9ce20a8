/** The views, as links. */
import { useEffect, useRef } from 'react'
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
  const list = useRef<HTMLUListElement>(null)
  // Where there is no room for all of them they scroll sideways.
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <nav className="navigation" aria-label="Views">
      <ul ref={list}>
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
