/** isSignedOut: whether an error says no more than that nobody has signed in yet. */
import { ApiError } from '../../client/api-error.js'
import { readToken } from '../api/token.js'

export function isSignedOut(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 401 && readToken() === null
}
