/** What is wrong with a request, in the words of whoever sends it. */
import type { FastifyError } from 'fastify'
import { expectationOf, meant, type Verdict } from '../../core/input/schema-expectation.js'
import { isSecretOption } from '../../core/input/shown-option.js'

const PLACES: Readonly<Record<string, string>> = {
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
}

/** Where else a route takes members: what is unknown in one place may belong into another. */
interface RouteSchemas {
  querystring?: unknown
  body?: unknown
}

/** What is wrong with a request, from what its schema says; other errors keep their message. Throws nothing. */
export function explainValidation(error: FastifyError, schemas: RouteSchemas = {}): string {
  const { validation, validationContext = 'body', message } = error
  const first = validation?.find(({ keyword }) => keyword === 'anyOf') ?? validation?.[0]
  if (first === undefined) return message
  const verdict = first as unknown as Verdict
  const place = PLACES[validationContext] ?? `the ${validationContext}`
  const name = first.instancePath.slice(1).replaceAll('/', '.')
  const where = name === '' ? place : `${name} in ${place}`
  const unknown = unknownMembers(verdict)
  if (unknown.length > 0)
    return `${where} has ${describeUnknown(unknown, verdict, otherPlace(validationContext, name, schemas))}`
  if (first.keyword === 'required') return `${where} has no ${String(first.params['missingProperty'])}; it is needed`
  if (first.keyword === 'minProperties')
    return `${where} is empty: expected at least one of ${Object.keys(verdict.parentSchema?.properties ?? {}).join(', ')}`
  const isHidden = verdict.parentSchema?.writeOnly === true || isSecretOption(name)
  return `${where} is ${isHidden ? 'not valid' : shown(verdict)}: ${expectationOf(verdict, isHidden)}`
}

/** Also of an object that lacks a member: the one that is missing is perhaps the one that is misspelled. */
function unknownMembers({ keyword, data, parentSchema }: Verdict): string[] {
  if (keyword === 'additionalProperties' || (keyword === 'required' && isClosed(parentSchema)))
    return Object.keys(data as object).filter((name) => !Object.hasOwn(parentSchema?.properties ?? {}, name))
  return []
}

function isClosed(schema: object | undefined): boolean {
  return (schema as { additionalProperties?: unknown } | undefined)?.additionalProperties === false
}

/** `"dryrun", which is not known here; did you mean dryRun?; known are …` */
function describeUnknown(unknown: string[], { parentSchema }: Verdict, other: OtherPlace): string {
  const known = Object.keys(parentSchema?.properties ?? {})
  const [first = ''] = unknown
  const belongs = [first, camelCase(first), snakeCase(first)].find((name) => other.members.includes(name))
  const advice = belongs === undefined ? meant(first, known) : `; ${belongs} belongs in ${other.name}`
  const names = unknown.slice(0, MOST_NAMED).map((name) => JSON.stringify(shorten(name)))
  const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : ''
  const list = known.length === 0 ? 'nothing is known here' : `known are ${known.join(', ')}`
  return `${names.join(', ')}${more}, which ${unknown.length === 1 ? 'is' : 'are'} not known here${advice}; ${list}`
}

interface OtherPlace {
  name: string
  members: readonly string[]
}

/** The query for the body and the body for the query, whose members people confuse. */
function otherPlace(context: string, path: string, schemas: RouteSchemas): OtherPlace {
  const place = context === 'body' ? 'querystring' : 'body'
  const { properties = {} } = (path === '' ? (schemas[place] as Verdict['parentSchema']) : undefined) ?? {}
  return { name: PLACES[place] ?? `the ${place}`, members: Object.keys(properties) }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const MOST_NAMED = 5
const LONGEST_SHOWN = 60

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}

/** The value, unless it is long or a whole object. */
function shown({ data }: Verdict): string {
  if (typeof data === 'object' && data !== null) return 'not valid'
  return shorten(JSON.stringify(data) ?? 'missing')
}
