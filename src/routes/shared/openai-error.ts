/** Errors in OpenAI's shape, for its clients. @see https://platform.openai.com/docs/guides/error-codes (read 2026-11) */
import { Type } from 'typebox'
import type { ShapedError } from './errors.js'
import { Nullable } from '../../core/schema/nullable.js'

/** Open, since a host's own errors pass through the same routes. */
export const OpenaiErrorSchema = Type.Object(
  {
    error: Type.Object({
      message: Type.String(),
      type: Type.String(),
      param: Nullable(Type.String()),
      code: Nullable(Type.String()),
    }),
  },
  { additionalProperties: true },
)

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
}

/** @param path below the plugin's prefix */
export function isOpenaiPath(path: string): boolean {
  return /^\/v1\/models(?:[/?]|$)/.test(path)
}

export function describeForOpenai({ statusCode, code, message }: ShapedError): object {
  const type = TYPES[statusCode] ?? (statusCode >= 500 ? 'server_error' : 'invalid_request_error')
  // The one code that clients look for.
  const missing = statusCode === 404
  return { error: { message, type, param: missing ? 'model' : null, code: missing ? 'model_not_found' : code } }
}
