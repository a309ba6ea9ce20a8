/** The page's client of the HTTP API, relative to where the plugin is mounted. */
import { Http } from '../../client/http.js'
import { createModelSyncClient } from '../../client/model-sync-client.js'
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

/** Asks for something that only an administrator may read. @throws ApiError with status 401 when this is not the token */
export async function checkToken(token: string): Promise<void> {
  await new Http({ ...options, token }).get('admin/model-sync/providers')
}
