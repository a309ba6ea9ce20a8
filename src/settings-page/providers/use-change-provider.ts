/** Switching a provider and setting its interval. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../client/api-error.js'
import type { ProviderEdit } from '../../client/contract.js'
import { client as api } from '../api/client.js'
import { CATALOGUE } from '../api/query-keys.js'
import { useRefused } from '../shell/use-refused.js'

export function useChangeProvider(slug: string) {
  const client = useQueryClient()
  const refused = useRefused()
  const mutation = useMutation({
    mutationFn: (change: ProviderEdit) => api.editProvider(slug, change),
    onSettled: () => client.invalidateQueries({ queryKey: CATALOGUE }),
  })
  const { error } = mutation

  function change(next: ProviderEdit) {
    mutation.mutate(next, { onError: refused(() => change(next)) })
  }

  return {
    change,
    busy: mutation.isPending,
    problem: error === null || (error instanceof ApiError && error.refused) ? null : error.message,
  }
}
