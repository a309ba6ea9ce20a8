/** Pinning and unpinning: the answer is the model as it is then. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ModelEdit } from '../../client/contract.js'
import { client as api } from '../api/client.js'
import { CATALOGUE, REVISION } from '../api/query-keys.js'
import { useRefused } from '../shell/use-refused.js'

export function useEditModel(id: string) {
  const client = useQueryClient()
  const refused = useRefused()
  const mutation = useMutation({
    mutationFn: (body: ModelEdit) => api.editModel(id, body),
    onSuccess: (model) => {
      client.setQueryData([...CATALOGUE, 'model', id], model)
      void client.invalidateQueries({ queryKey: REVISION })
    },
  })

  /** @param then after success, also when a sign-in came in between */
  function edit(body: ModelEdit, then?: () => void) {
    mutation.mutate(body, {
      onSuccess: then,
      onError: refused(() => edit(body, then)),
    })
  }

  return { edit, busy: mutation.isPending, error: mutation.error }
}
