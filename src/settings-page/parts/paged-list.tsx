/** What a list that is read page by page has around it: that it loads, why it could not be read, that it is empty, and the way to more. */
import type { ReactNode } from 'react'
import { ReadProblem } from './read-problem.js'

interface Props {
  /** What it is a list of: "changes". */
  what: string
  /** Of TanStack Query. */
  list: {
    data: unknown
    error: Error | null
    hasNextPage: boolean
    isFetchingNextPage: boolean
    fetchNextPage(): unknown
    refetch(): unknown
  }
  /** In place of the list when there is nothing in it; `null`: there is something. */
  empty: ReactNode
  children: ReactNode
}

export function PagedList({ what, list, empty, children }: Props) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list
  if (data === undefined)
    return error === null ? (
      <p className="loading">Loading {what}…</p>
    ) : (
      <ReadProblem error={error} what={`The ${what}`} onRetry={() => void refetch()} />
    )
  if (empty !== null) return <div className="card">{empty}</div>
  return (
    <>
      {children}
      {hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="button"
            aria-disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : `Older ${what}`}
          </button>
        </p>
      )}
    </>
  )
}
