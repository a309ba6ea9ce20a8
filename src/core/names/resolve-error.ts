/** ResolveError: a name that leads to no model. */
import type { Unavailable } from './resolution.js'

/** `code` is stable, and `statusCode` is what HTTP answers. */
const STATUS = {
  /** Nobody has the name, and no substitute was wanted. */
  FST_MODEL_SYNC_MODEL_NOT_FOUND: 404,
  /** The model is there and cannot be had now; `unavailable` says why. */
  FST_MODEL_SYNC_MODEL_UNAVAILABLE: 404,
  /** The model is there, and does something else than is asked for. */
  FST_MODEL_SYNC_TYPE_MISMATCH: 400,
  /** The type's default is not in the catalogue, or of the wrong mode. */
  FST_MODEL_SYNC_NO_FALLBACK: 404,
  /** The name is no text. */
  FST_MODEL_SYNC_MODEL_NAME: 400,
  /** A type of request that we do not know. */
  FST_MODEL_SYNC_VALIDATION: 400,
  /** Nothing has been loaded yet. */
  FST_MODEL_SYNC_NO_MODELS: 503,
} as const

export type ResolveErrorCode = keyof typeof STATUS

/**
 * A class of its own, not one of `errors.ts`: `fastify-model-sync/direct` throws it too, and loads nothing of Fastify.
 * Its message says what was found, what was expected and what to do.
 */
export class ResolveError extends Error {
  override readonly name = 'ResolveError'
  readonly statusCode: number
  /** Names of models that may have been meant, at most 5. */
  readonly suggestions: readonly string[]
  /** The name that nobody has; `null`: the error is another one. */
  readonly unknownName: string | null
  /** The model of that name, which is there and cannot be had; `null`: the error is another one. */
  readonly unavailable: Unavailable | null
  /** Seconds after which asking again may help; `null`: it will not. */
  readonly retryAfter: number | null

  constructor(
    readonly code: ResolveErrorCode,
    message: string,
    {
      suggestions = [],
      unknownName = null,
      unavailable = null,
      retryAfter = null,
      cause,
    }: {
      suggestions?: readonly string[]
      unknownName?: string | null
      unavailable?: Unavailable | null
      retryAfter?: number | null
      cause?: unknown
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.statusCode = STATUS[code]
    this.suggestions = suggestions
    this.unknownName = unknownName
    this.unavailable = unavailable
    this.retryAfter = retryAfter
  }
}
