/** What a JSON Schema expects of a value, in the words of whoever typed the value. */
import { closest } from './closest.js'
import { describeAddressProblem } from './http-address.js'
import { mayBeSecret } from './shown-option.js'

/** As much of a schema as is spoken of. */
export interface SpokenSchema {
  type?: string | readonly string[]
  description?: string
  writeOnly?: boolean
  /** What a pattern means: `a path such as /api/v1`. */
  'x-expected'?: string
  /** How to come by a value. */
  advice?: string
  enum?: readonly unknown[]
  const?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  anyOf?: readonly SpokenSchema[]
  properties?: Readonly<Record<string, unknown>>
}

/** What a validator of JSON Schema found: an error of Ajv with `verbose`. */
export interface Verdict {
  keyword: string
  params: Readonly<Record<string, unknown>>
  parentSchema?: SpokenSchema
  data?: unknown
}

/** Pattern of an http(s) address without user and password. */
export const ADDRESS = '^https?://[^\\s@]+$'
/** As {@link ADDRESS}, perhaps with them. */
export const ADDRESS_WITH_USER = '^https?://\\S+$'

const isAddress = ({ pattern }: SpokenSchema): boolean => pattern === ADDRESS || pattern === ADDRESS_WITH_USER

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

/** `expected a whole number from 1 to 500`. @param isHidden nothing of the value may be in it but its length. Throws nothing. */
export function expectationOf({ keyword, params, parentSchema = {}, ...found }: Verdict, isHidden = false): string {
  const counted = countOf(keyword, parentSchema, found.data)
  const data = isHidden ? undefined : found.data
  if (counted !== null) return counted
  if (keyword === 'required') return `expected ${String(params['missingProperty'])} too`
  if (keyword === 'enum')
    return `expected one of ${(parentSchema.enum ?? []).join(', ')}${meant(data, parentSchema.enum)}`
  if ((keyword === 'pattern' || keyword === 'format') && isAddress(parentSchema) && typeof data === 'string')
    return (describeAddressProblem(data) ?? '').replace(/^.*?, (?=expected)/, '')
  return `expected ${describe(parentSchema)}${spelledRight(parentSchema, data)}`
}

/** `; did you mean /api?` where another case, a blank or a slash is all that is wrong. */
function spelledRight({ pattern }: SpokenSchema, data: unknown): string {
  if (pattern === undefined || typeof data !== 'string') return ''
  const bare = data.trim().replace(/\/+$/, '')
  const fits = new RegExp(pattern, 'u')
  const right = [bare, bare.toLowerCase(), `/${bare}`].find((one) => one !== '' && fits.test(one) && !mayBeSecret(one))
  return right === undefined ? '' : `; did you mean ${right}?`
}

/** `; did you mean max?`; empty where nothing is near. */
export function meant(found: unknown, known: readonly unknown[] = []): string {
  if (typeof found !== 'string') return ''
  const near = closest(
    found,
    known.filter((one): one is string => typeof one === 'string'),
  )
  return near === null ? '' : `; did you mean ${near}?`
}

/** Lengths, which a person counts rather than reads. */
function countOf(
  keyword: string,
  { advice, minLength, maxLength, minItems, maxItems }: SpokenSchema,
  data: unknown,
): string | null {
  const length = typeof data === 'string' || Array.isArray(data) ? data.length : 0
  if (keyword === 'minLength')
    return minLength === 1
      ? 'expected a text that is not empty'
      : `expected at least ${minLength} characters, found ${length}${advice === undefined ? '' : ` (${advice})`}`
  if (keyword === 'maxLength') return `expected at most ${maxLength} characters, found ${length}`
  if (keyword === 'minItems')
    return minItems === 1 ? 'expected at least one' : `expected at least ${minItems}, found ${length}`
  return keyword === 'maxItems' ? `expected at most ${maxItems}, found ${length}` : null
}

function describe(schema: SpokenSchema): string {
  const { type, 'x-expected': expected, description, const: value, anyOf } = schema
  if (expected !== undefined) return expected
  if (value !== undefined) return JSON.stringify(value)
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (anyOf !== undefined) return anyOf.map(describe).join(' or ')
  if (isAddress(schema)) return 'an address with http:// or https://'
  if (schema.pattern !== undefined && description !== undefined) return description
  const names = [type ?? []].flat().filter((name) => name !== 'null' || type === 'null')
  const name = names.map((one) => TYPES[one] ?? one).join(' or ')
  return `${name === '' ? 'something else' : name}${rangeOf(schema)}`
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SpokenSchema): string {
  const [low, high] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum]
  if (low !== undefined && high !== undefined && minimum !== undefined && maximum !== undefined)
    return ` from ${low} to ${high}`
  const from = low === undefined ? '' : minimum === undefined ? ` above ${low}` : ` from ${low} on`
  const to = high === undefined ? '' : maximum === undefined ? ` below ${high}` : ` up to ${high}`
  return [from, to].filter((part) => part !== '').join(' and')
}
