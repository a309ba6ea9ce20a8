/** How an option is declared: optional, with the name of its environment variable. */
import { Type, type TOptional, type TSchema } from 'typebox'

/** Optional, with the name of its environment variable. */
export function option<T extends TSchema>(env: string, schema: T): TOptional<T> {
  return Type.Optional(Object.assign(schema, { env })) as unknown as TOptional<T>
}

/** Of a variable that all programs read, in lower case too, as `http_proxy`. */
export function sharedOption<T extends TSchema>(env: string, schema: T): TOptional<T> {
  return option(env, Object.assign(schema, { lowerCaseToo: true }))
}

/** Pattern of an http(s) address without user and password. */
export const ADDRESS = '^https?://[^\\s@]+$'
/** Pattern of a provider's slug. */
export const SLUG = '^[a-z0-9][a-z0-9-]*$'
