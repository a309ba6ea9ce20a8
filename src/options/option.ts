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

export { ADDRESS, ADDRESS_WITH_USER } from '../catalog/schema-expectation.js'
/** A provider's slug. */
export const SLUG = {
  pattern: '^[a-z0-9][a-z0-9-]*$',
  expected: 'a slug of lower-case letters, digits and hyphens, such as openrouter',
}
/** An e-mail address. */
export const MAIL = { pattern: '@', expected: 'an e-mail address' }
