/** What is wrong with a request, in the words of whoever sends it. */
import type { FastifyError } from 'fastify'
import { expectationOf, meant, type Verdict } from '../../core/input/schema-expectation.js'
import { isSecretOption } from '../../core/input/shown-option.js'

const PLACES: Readonly<Record<string, string>> = {
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
}

/** What is wrong with a request, from what its schema says; other errors keep their message. Throws nothing. */
export function explainValidation(error: FastifyError): string {
  const { validation, validationContext = 'body', message } = error
  const first = validation?.find(({ keyword }) => keyword === 'anyOf') ?? validation?.[0]
  if (first === undefined) return message
  const verdict = first as unknown as Verdict
  const place = PLACES[validationContext] ?? `the ${validationContext}`
  const name = first.instancePath.slice(1).replaceAll('/', '.')
  const where = name === '' ? place : `${name} in ${place}`
  if (first.keyword === 'additionalProperties') {
    const unknown = String(first.params['additionalProperty'])
    const known = Object.keys(verdict.parentSchema?.properties ?? {})
    return `${where} has "${unknown}", which is not known here${meant(unknown, known)}${known.length === 0 ? '' : `; known are ${known.join(', ')}`}`
  }
  if (first.keyword === 'required') return `${where} has no ${String(first.params['missingProperty'])}; it is needed`
  const isHidden = verdict.parentSchema?.writeOnly === true || isSecretOption(name)
  return `${where} is ${isHidden ? 'not valid' : shown(verdict)}: ${expectationOf(verdict, isHidden)}`
}

const LONGEST_SHOWN = 60

/** The value, unless it is long or a whole object. */
function shown({ data }: Verdict): string {
  if (typeof data === 'object' && data !== null) return 'not valid'
  const text = JSON.stringify(data) ?? 'missing'
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}
