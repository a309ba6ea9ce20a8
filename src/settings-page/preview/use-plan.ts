/** A plan to look at: of a sync or of an undo; read anew on demand, carried out, or found stale. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../client/api-error.js'
import type { SyncResult } from '../../client/contract.js'
import { REVISION, STATUS } from '../api/query-keys.js'
import { client as api } from '../api/client.js'
import { useRefused } from '../shell/use-refused.js'

export interface PlanQuestion {
  /** The run to undo; `null`: a sync. */
  undo: string | null
  /** Slugs; none: the configured ones. */
  providers: string[]
}

export function usePlan({ undo, providers }: PlanQuestion) {
  const client = useQueryClient()
  const refused = useRefused()
  /** The plan that was found stale; the one of now is in `preview`. */
  const [stale, setStale] = useState<SyncResult | null>(null)
  const [preview, setPreview] = useState<SyncResult | null>(null)

  const planning = useMutation({
    mutationFn: () =>
      undo === null
        ? api.syncModels({ keys: 'backend', dryRun: true, ...(providers.length > 0 ? { providers } : {}) })
        : api.undo(undo, { dryRun: true }),
    onSuccess: (result) => {
      setStale(null)
      setPreview(result)
    },
  })
  const applying = useMutation({
    mutationFn: ({ planHash, only }: { planHash: string; only?: string[] }) =>
      undo === null ? api.syncModels({ keys: 'backend', planHash, only }) : api.undo(undo, { planHash }),
    onError: (error) => {
      if (!(error instanceof ApiError) || error.status !== 409) return
      const now = error.result
      if (now?.plan === undefined) return
      setStale(preview)
      setPreview(now)
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: STATUS })
      void client.invalidateQueries({ queryKey: REVISION })
    },
  })

  function plan() {
    applying.reset()
    planning.mutate(undefined, { onError: refused(plan) })
  }

  /** @param only ids of models; left out: all of the plan */
  function apply(only?: string[]) {
    const planHash = preview?.plan?.planHash
    if (planHash === undefined) return
    applying.mutate({ planHash, only }, { onError: refused(() => apply(only)) })
  }

  // Once, when the view is opened: a dry run asks the providers.
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    plan()
  })

  const problem = applying.error ?? planning.error
  const isStale = problem instanceof ApiError && problem.status === 409
  return {
    preview,
    stale,
    applied: applying.data ?? null,
    planning: planning.isPending,
    applying: applying.isPending,
    problem: isStale ? null : problem,
    plan,
    apply,
  }
}
