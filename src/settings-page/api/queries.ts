/** The page's data: what is polled, how often, and what makes it read again. */
import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { ApiError } from '../../client/api-error.js'
import type { ChangesQuery, ModelsQuery, PageQuery, RunProgress, SyncStatus } from '../../client/contract.js'
import { client as api } from './client.js'
import { getDays, getPrices, getRevision, resolveNames } from './further-routes.js'
import { CATALOGUE, LIVE, PROGRESS, REPLICAS, REVISION, STATUS } from './query-keys.js'

// Milliseconds. Polling stops while the tab is hidden and catches up when it is seen again.
const POLL_INTERVAL = 1_500
const RUNNING_INTERVAL = 1_000
/** While the server's events are heard, in case that one is lost. */
const LIVE_INTERVAL = 5_000
const RETRY_INTERVAL = 3_000
// Their heartbeats come every ten seconds.
const REPLICAS_INTERVAL = 10_000

/** Models that are read before all others, so that there is something to see at once: more than any screen shows. */
const FIRST_PAGE = 100
/** Models of each further page while the viewer is near it: few enough that reading them in takes no frame. */
const NEXT_PAGE = 100

/** One client for the page; nothing waits for the browser's idea of being online, since the server is often on this machine. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: 'always' },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

/** What the sync is doing and did last. @param busy this tab waits for a sync */
export function useStatus(busy = false) {
  const client = useQueryClient()
  return useQuery({
    queryKey: STATUS,
    // The page shows the catalogue, whatever keys of their own its administrators have.
    queryFn: ({ signal }) => api.status({ keys: 'backend', signal }),
    refetchInterval: ({ state }) => {
      if (state.error !== null) return waitAfter(state.error)
      if (busy || state.data?.running === true) return RUNNING_INTERVAL
      return client.getQueryData(LIVE) === true ? LIVE_INTERVAL : POLL_INTERVAL
    },
  })
}

/**
 * Watches the catalogue's revision; when it moves, or another run has ended, everything is read again.
 * @param lastRun the id of the last run; `null` = there was none, `undefined` = not known yet
 */
export function useRevision(lastRun: string | null | undefined): void {
  const client = useQueryClient()
  const { data: etag } = useQuery({
    queryKey: REVISION,
    queryFn: ({ signal }) => getRevision(signal),
    refetchInterval: ({ state }) => {
      if (state.error !== null) return waitAfter(state.error)
      return client.getQueryData(LIVE) === true ? LIVE_INTERVAL : POLL_INTERVAL
    },
  })
  useChange(lastRun, () => void client.invalidateQueries({ queryKey: REVISION }))
  useChange(
    lastRun === undefined || etag === undefined ? undefined : `${lastRun} ${etag}`,
    () => void client.invalidateQueries({ queryKey: CATALOGUE }),
  )
}

/** How far each provider of the run in progress is, by the events or, a little later, by polling; `null`: no run, or the server does not say. */
export function useProgress(status: SyncStatus | undefined): RunProgress | null {
  const { data } = useQuery<RunProgress | null>({ queryKey: PROGRESS, queryFn: () => null, enabled: false })
  return data ?? status?.progress ?? null
}

// The revision says when to read the catalogue again; only a failure is tried again by itself, and what this backend does not have is not.
const READ_ON_REVISION = {
  staleTime: Infinity,
  refetchOnWindowFocus: false,
  refetchInterval: ({ state }: { state: { error: Error | null } }) =>
    state.error === null || (state.error instanceof ApiError && state.error.status >= 400 && state.error.status < 500)
      ? false
      : waitAfter(state.error),
} as const

/** How many models there are, by provider and by mode. */
export function useStats() {
  return useQuery({
    queryKey: [...CATALOGUE, 'stats'],
    queryFn: ({ signal }) => api.stats({ signal }),
    ...READ_ON_REVISION,
  })
}

/** The last days in numbers. */
export function useDays(days: number) {
  return useQuery({
    queryKey: [...CATALOGUE, 'days', days],
    queryFn: ({ signal }) => getDays(days, signal),
    ...READ_ON_REVISION,
  })
}

/** The models that a query leaves, page by page; the former ones stay on the screen until the new ones are there. */
export function useModels(query: ModelsQuery) {
  const { limit } = query
  // What was read before is read again in the largest pages, so that as much is there again.
  const size = useRef(limit)
  const list = useInfiniteQuery({
    queryKey: [...CATALOGUE, 'models', query],
    queryFn: ({ pageParam, signal }) =>
      api.models(pageOf({ ...query, limit: pageParam === null ? FIRST_PAGE : size.current }, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    // Thousands of models would be compared field by field, to no use.
    structuralSharing: false,
    // Of a search that is left, nothing is kept for long: fifty thousand models are some hundred megabytes.
    gcTime: 10_000,
    ...READ_ON_REVISION,
  })
  const { fetchNextPage } = list
  /** Reads the next page. `missing`: how many models before the viewer's place are not there; with many, the pages are the largest. */
  const readOn = useCallback(
    (missing: number) => {
      size.current = missing > NEXT_PAGE ? limit : NEXT_PAGE
      void fetchNextPage().finally(() => {
        size.current = limit
      })
    },
    [fetchNextPage, limit],
  )
  // Not spread: what is read of the list is what draws the view anew.
  return { list, readOn }
}

/** Who shares the catalogue. An older server does not say, and is not asked again. */
export function useReplicas() {
  return useQuery({
    queryKey: REPLICAS,
    queryFn: ({ signal }) => api.replicas({ signal }),
    refetchInterval: ({ state }) => (state.error === null ? REPLICAS_INTERVAL : false),
  })
}

/** The first few models of a query. */
export function useFewModels(query: ModelsQuery) {
  return useQuery({
    queryKey: [...CATALOGUE, 'few', query],
    queryFn: ({ signal }) => api.models(query, { signal }),
    ...READ_ON_REVISION,
  })
}

/** One model with its upstream entry and its last changes. */
export function useModel(id: string) {
  return useQuery({
    queryKey: [...CATALOGUE, 'model', id],
    queryFn: ({ signal }) => api.model(id, { signal }),
    ...READ_ON_REVISION,
  })
}

/** What one model has cost. */
export function usePrices(id: string) {
  return useQuery({
    queryKey: [...CATALOGUE, 'prices', id],
    queryFn: ({ signal }) => getPrices(id, signal),
    ...READ_ON_REVISION,
  })
}

/** What names lead to, in their order. */
export function useResolutions(names: string[], type: string, strict: boolean) {
  return useQuery({
    queryKey: [...CATALOGUE, 'resolutions', names, type, strict],
    queryFn: ({ signal }) => resolveNames(names, type, strict, signal),
    placeholderData: keepPreviousData,
    ...READ_ON_REVISION,
  })
}

/** The changelog, page by page. */
export function useChanges(query: ChangesQuery) {
  return useInfiniteQuery({
    queryKey: [...CATALOGUE, 'changes', query],
    queryFn: ({ pageParam, signal }) => api.changes(pageOf({ ...query, limit: 200 }, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    ...READ_ON_REVISION,
  })
}

/** The runs, page by page. */
export function useRuns() {
  return useInfiniteQuery({
    queryKey: [...CATALOGUE, 'runs'],
    queryFn: ({ pageParam, signal }) => api.runs(pageOf({ limit: 30 }, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...READ_ON_REVISION,
  })
}

/** All providers. */
export function useProviders() {
  return useQuery({
    queryKey: [...CATALOGUE, 'providers'],
    queryFn: ({ signal }) => api.providers({ signal }),
    ...READ_ON_REVISION,
  })
}

function pageOf<Query extends PageQuery>(query: Query, cursor: string | null): Query {
  return cursor === null ? query : { ...query, cursor }
}

// Not at the first value, which has just been read with everything else; `undefined` = none yet.
function useChange(value: string | null | undefined, act: () => void): void {
  const before = useRef(value)
  useEffect(() => {
    const changed = before.current !== undefined && before.current !== value
    before.current = value
    if (changed) act()
  })
}

function waitAfter(error: Error): number {
  return (error instanceof ApiError ? error.retryAfterMs : null) ?? RETRY_INTERVAL
}
