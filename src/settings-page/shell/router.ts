/** Where the viewer is: the view and its state, all in the address's query, so that it works under any prefix and a link shows the same. */
import { useMemo, useSyncExternalStore } from 'react'

const VIEWS = ['overview', 'models', 'changes', 'history', 'providers', 'names', 'preview'] as const
export type ViewName = (typeof VIEWS)[number]

export interface Place {
  view: ViewName
  /** The view's own state, without the view's name. */
  query: URLSearchParams
}

/** The view's state as plain members; what is empty is left out of the address. */
export type QueryState = Record<string, string | null | undefined>

const listeners = new Set<() => void>()

/** The place, current at every render. */
export function usePlace(): Place {
  const search = useSyncExternalStore(subscribe, () => location.search)
  return useMemo(() => readPlace(search), [search])
}

/** The address of a view: an absolute path, since a relative one would be read against `<base>`. */
export function addressOf(view: ViewName, query: QueryState | URLSearchParams = {}): string {
  const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query)
  const search = new URLSearchParams(view === 'overview' ? {} : { view })
  for (const [name, value] of entries) if (typeof value === 'string' && value !== '') search.set(name, value)
  const text = search.toString()
  return location.pathname + (text === '' ? '' : `?${text}`)
}

/** Goes to a view as a link would. */
export function navigate(view: ViewName, query: QueryState | URLSearchParams = {}): void {
  history.pushState(null, '', addressOf(view, query))
  tell()
}

/** Changes some of the view's state. @param keep an entry of the history of its own, for what a viewer would take back with "Back" */
export function changeQuery(part: QueryState, { keep = false } = {}): void {
  const { view, query } = readPlace(location.search)
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'string' && value !== '') query.set(name, value)
    else query.delete(name)
  }
  history[keep ? 'pushState' : 'replaceState'](history.state, '', addressOf(view, query) + location.hash)
  tell()
}

function readPlace(search: string): Place {
  const query = new URLSearchParams(search)
  const name = query.get('view')
  query.delete('view')
  return { view: VIEWS.find((view) => view === name) ?? 'overview', query }
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', tell)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('popstate', tell)
  }
}
