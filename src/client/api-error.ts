/** ApiError: why a request came to nothing. */
import type { SyncResult } from './contract.js'

export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    message: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** The server's own code, `FST_MODEL_SYNC_…`; `null` without one. */
    readonly code: string | null = null,
    /** Ms that the server asks to wait; `null` when it does not say. */
    readonly retryAfterMs: number | null = null,
    /** Of a stale plan (409): the new one. */
    readonly result: SyncResult | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** The server does not know who we are, or does not let us; after many wrong tokens it says so with 429. */
  get refused(): boolean {
    return this.status === 401 || this.status === 403 || this.code === 'FST_MODEL_SYNC_TOO_MANY_GUESSES'
  }
}

/** What a refusing answer says of itself. */
export function errorOf(response: Response, body: unknown): ApiError {
  const { message, code, success } = (body ?? {}) as { message?: string; code?: string; success?: unknown }
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  return new ApiError(
    message ?? `The server answered ${response.status} without saying why. Is this the address of the plugin?`,
    response.status,
    code ?? null,
    Number.isFinite(seconds) ? seconds * 1000 : null,
    typeof success === 'boolean' ? (body as SyncResult) : null,
  )
}
