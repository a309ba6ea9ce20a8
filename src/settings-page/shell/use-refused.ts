/** What to do with an error: a refusal opens the sign-in and goes on after it, anything else is the caller's. */
import { useCallback } from 'react'
import { ApiError } from '../../client/api-error.js'
import { hostSignInUrl, readsClosed } from '../api/host-session.js'
import { readToken } from '../api/token.js'
import { TOKEN_REFUSED, useSignIn } from './sign-in.js'

type OnError = (error: Error) => void

/** @returns for an action and what else to do with its errors, the handler of its errors */
export function useRefused(): (again: () => void, otherwise?: OnError) => OnError {
  const { ask } = useSignIn()
  return useCallback(
    (again, otherwise) => (error) => {
      if (!(error instanceof ApiError) || !error.refused) return otherwise?.(error)
      ask(reasonOf(error), again)
    },
    [ask],
  )
}

function reasonOf({ status, code, message }: ApiError): string {
  if (hostSignInUrl !== null)
    return status === 401 ? 'You are not signed in, or not any more.' : `You may not do this (403): ${message}`
  if (readToken() === null)
    return readsClosed
      ? 'Without a token you can neither read nor change anything here.'
      : 'Without the admin token this page is read-only.'
  if (code === 'FST_MODEL_SYNC_READ_ONLY_TOKEN')
    return 'Your token may only read. Changing something takes an admin token.'
  return status === 401 ? TOKEN_REFUSED : `You may not do this (${status}): ${message}`
}
