/** Refreshing and cancelling: a refusal opens the sign-in, and the refused action goes on after it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useState } from 'react'
import { ApiError } from '../../client/api-error.js'
import type { SyncOptions, SyncResult } from '../../client/contract.js'
import { STATUS } from '../api/query-keys.js'
import { client as api } from '../api/client.js'
import { useRefused } from '../shell/use-refused.js'

export interface SyncActions {
  refresh(request?: SyncOptions): void
  cancel(): void
  /** This tab waits for a sync that it asked for. */
  refreshing: boolean
  cancelling: boolean
  /** What the last refresh of this tab gave; `null` before it and while one runs. */
  posted: SyncResult | null
  /** Why the last action of this tab came to nothing; `null` when it did not. */
  problem: Problem | null
}

interface Problem {
  text: string
  /** Nothing came back, so nothing is known. */
  lost: boolean
  /** Milliseconds since the epoch. */
  at: number
}

const SyncContext = createContext<SyncActions>({
  refresh: () => {},
  cancel: () => {},
  refreshing: false,
  cancelling: false,
  posted: null,
  problem: null,
})

export const SyncProvider = SyncContext.Provider

/** The sync's actions, for any part of the page. */
export function useSync(): SyncActions {
  return useContext(SyncContext)
}

/** The one instance of the page. */
export function useSyncActions(): SyncActions {
  const client = useQueryClient()
  const refused = useRefused()
  const [problem, setProblem] = useState<Problem | null>(null)
  const onSettled = () => client.invalidateQueries({ queryKey: STATUS })
  // The page shows the catalogue, whatever keys of their own its administrators have.
  const refreshing = useMutation({
    mutationFn: (options: SyncOptions) => api.syncModels({ ...options, keys: 'backend' }),
    onSettled,
  })
  const cancelling = useMutation({ mutationFn: () => api.cancelSync(), onSettled })

  function onFailed(error: Error) {
    const lost = error instanceof ApiError && error.status === 0
    setProblem({ text: textOf(error, lost), lost, at: Date.now() })
  }

  function refresh(request: SyncOptions = {}) {
    setProblem(null)
    refreshing.mutate(request, { onError: refused(() => refresh(request), onFailed) })
  }

  function cancel() {
    setProblem(null)
    cancelling.mutate(undefined, { onError: refused(cancel, onFailed) })
  }

  return {
    refresh,
    cancel,
    refreshing: refreshing.isPending,
    cancelling: cancelling.isPending,
    posted: refreshing.data ?? null,
    problem,
  }
}

function textOf(error: Error, lost: boolean): string {
  if (lost) return 'The server did not answer. If the sync has started, it may still go on.'
  return error instanceof ApiError && error.status === 429 ? `Nothing was started: ${error.message}.` : error.message
}
