/** ResolveError: a name that leads to no model. */
import type { Unavailable } from './resolution.js'

/** `code` is stable, and `statusCode` is what HTTP answers. */
const STATUS = {
  /**
   * No model has this name, and `strict` allows no substitute.
   * @remedy Use one of the `suggestions`.
   */
  FST_MODEL_SYNC_MODEL_NOT_FOUND: 404,
  /**
   * The model exists but is unavailable or hidden; `unavailable` says why.
   * @remedy Use another model, or make this one available.
   */
  FST_MODEL_SYNC_MODEL_UNAVAILABLE: 404,
  /**
   * The model does something else than the request asks for.
   * @remedy Use a model of the right mode, or another `type`.
   */
  FST_MODEL_SYNC_TYPE_MISMATCH: 400,
  /**
   * The default of this type is missing or of the wrong mode.
   * @remedy Set `DEFAULT_FALLBACK_…` to an available model, or name a model in the request.
   */
  FST_MODEL_SYNC_NO_FALLBACK: 404,
  /**
   * The name is not text.
   * @remedy Send a string.
   */
  FST_MODEL_SYNC_MODEL_NAME: 400,
  /**
   * The query or the body is not what the route accepts.
   * @remedy Correct what the message names.
   */
  FST_MODEL_SYNC_VALIDATION: 400,
  /**
   * No models are loaded yet.
   * @remedy Ask again after `Retry-After`.
   */
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
