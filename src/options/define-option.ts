/** How an option is declared: optional, with the name of its environment variable. */
import { Type, type TOptional, type TRecord, type TSchema } from 'typebox'

/** Optional, with the name of its environment variable. */
export function option<T extends TSchema>(env: string, schema: T): TOptional<T> {
  return Type.Optional(Object.assign(schema, { env })) as unknown as TOptional<T>
}

/** Of a variable that all programs read, in lower case too, as `http_proxy`. */
export function sharedOption<T extends TSchema>(env: string, schema: T): TOptional<T> {
  return option(env, Object.assign(schema, { lowerCaseToo: true }))
}

export { ADDRESS, ADDRESS_WITH_USER } from '../core/input/schema-expectation.js'
/** The name of an environment variable. */
export const VARIABLE = {
  pattern: '^[A-Z_][A-Z0-9_]*$',
  'x-expected': 'the name of a variable, capital letters, digits and underscores, such as MYBOX_KEY',
}
/** A provider's slug. */
export const SLUG = {
  pattern: '^[a-z0-9][a-z0-9-]*$',
  'x-expected': 'a slug of lower-case letters, digits and hyphens, such as openrouter',
}
/** By slug, and under no other name: Type.Record alone lets everything pass that no name fits, unchecked. */
export function bySlug<T extends TSchema>(schema: T, options: { description: string }): TRecord<string, T> {
  return Type.Record(Type.String(SLUG), schema, { ...options, additionalProperties: false, names: SLUG['x-expected'] })
}
/** An e-mail address, perhaps with a name before it. A line break would begin another header. */
export const MAIL = {
  pattern: '^[^\\p{C}\\u2028\\u2029]*[^\\s\\p{C}]@[^\\s@\\p{C}][^@\\p{C}\\u2028\\u2029]*$',
  'x-expected': 'an e-mail address in one line, such as team@example.com',
}

// Those of .env.example, or one character again and again.
const NONE = '(?:at-least-16-characters|made-with-openssl-rand-hex-32|(.)\\1*)'
/** What no secret may be. */
export const NO_SECRET = `^${NONE}$`
/** The same behind the name of its holder. */
export const NO_NAMED_SECRET = `^[^:]*:${NONE}$`

/** What no base64 of a key may be, nor any in a list with commas: a sample of .env.example, or bits that are all alike. */
export const NO_KEY =
  '(?:^|,)(?:whsec_)?(?:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3(?:ODlhYmNkZWY=)?|c2VjcmV0LW9mLTMyLWJ5dGVzLWluLWJhc2U2NC4uLi4=|A+=*|/+[8w]?=*)(?:,|$)'

/** What a header can carry as it is: printable ASCII. Clients refuse to send anything else, or send other bytes. */
export const IN_A_HEADER = {
  pattern: '^[\\x20-\\x7e]*$',
  'x-expected':
    'ASCII characters alone, since clients send it in a header, and no sample or one character again and again (openssl rand -hex 32 makes one)',
}
