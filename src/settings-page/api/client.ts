/** The page's client of the HTTP API, relative to where the plugin is mounted. */
import { Http } from '../../client/http.js'
import { createModelSyncClient } from '../../client/model-sync-client.js'
import { ApiError } from '../../client/api-error.js'
import { readsClosed } from './host-session.js'
import { readToken } from './token.js'

const options = {
  // The server sets <base> to …/settings/, whatever the prefix; the API is beside it.
  baseUrl: new URL('..', document.baseURI).href,
  token: readToken,
  // A host's own session is in its cookies, which go along.
  credentials: 'same-origin',
  /** A read that takes longer is given up, so that the page can say that the server is away. */
  timeoutMs: 15_000,
} as const

export const client = createModelSyncClient(options)

/** For the routes that the client has no function for. */
export const http = new Http(options)

/**
 * Asks for something that only an administrator may read; where reading needs a token as well, one that may only read will do.
 * @throws ApiError with status 401 when the server does not know this token
 */
export async function checkToken(token: string): Promise<void> {
  try {
    await new Http({ ...options, token }).get('admin/model-sync/providers')
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403 && readsClosed)) throw error
  }
}
