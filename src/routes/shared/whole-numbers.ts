/** Whole numbers as texts, before JSON Schema takes `"128.000"` for 128. */
import type { FastifyInstance, FastifyRequest, preValidationAsyncHookHandler } from 'fastify'
import { plainCount } from '../../core/input/plain-number.js'
import { ValidationError } from '../../errors.js'

/** Digits alone, whose bounds the schema knows, or nothing that begins like a number. */
const FOR_THE_SCHEMA = /^\s*(?:[+-]?\d+|[^\d]*)\s*$/

interface QuerySchema {
  properties?: Readonly<Record<string, { type?: string }>>
}

/**
 * For all routes of a scope: a number in a query that can mean one number only (`128,000`, `128k`) becomes that, any other with a comma or a point
 * (`1.000`) is refused.
 */
export function readNumbersInQueries(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { properties = {} } = (route.schema?.querystring ?? {}) as QuerySchema
    const names = Object.keys(properties).filter((name) => properties[name]?.type === 'integer')
    if (names.length === 0) return
    const read: preValidationAsyncHookHandler = async ({ query }) =>
      readMembers(query, names, (text) => !FOR_THE_SCHEMA.test(text))
    route.preValidation = [read, ...[route.preValidation ?? []].flat()]
  })
}

/** A preValidation hook for those members of the body that a person may have typed. */
export function readNumbersInBody(names: readonly string[]): preValidationAsyncHookHandler {
  // Async, so that Fastify waits for no callback.
  return async ({ body }: FastifyRequest) => readMembers(body, names, (text) => text.trim() !== '')
}

/** @throws ValidationError */
function readMembers(members: unknown, names: readonly string[], isMeant: (text: string) => boolean): void {
  if (typeof members !== 'object' || members === null) return
  for (const name of names) {
    const text = (members as Record<string, unknown>)[name]
    if (typeof text !== 'string' || !isMeant(text)) continue
    const count = plainCount(text)
    if (count === null) {
      throw new ValidationError(
        `${name} is ${JSON.stringify(text.slice(0, 60))}: expected a whole number without a decimal point or comma, such as ${exampleOf(name, text)}`,
      )
    }
    ;(members as Record<string, unknown>)[name] = count
  }
}

// `1.000` is answered by `1000`, which is what was meant.
function exampleOf(name: string, text: string): string {
  if (/^\s*[1-9]\d{0,2}(?:[.,]\d{3})+\s*$/.test(text)) return text.replace(/\D/g, '')
  return name === 'limit' ? '50' : '128000'
}
