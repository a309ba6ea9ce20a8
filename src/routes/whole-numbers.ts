/** Whole numbers as texts, before JSON Schema takes `"128.000"` for 128. */
import type { FastifyRequest } from 'fastify'
import { plainCount } from '../catalog/plain-number.js'
import { ValidationError } from '../errors.js'

/**
 * A preValidation hook for members of the body and the query that are whole numbers: a text that can mean one number only (`"128,000"`, `"128k"`)
 * becomes that, any other is refused.
 * @throws ValidationError
 */
export function readWholeNumbers(names: readonly string[]) {
  // Async, so that Fastify waits for no callback.
  return async ({ body, query }: FastifyRequest): Promise<void> => {
    for (const members of [body, query]) {
      if (typeof members !== 'object' || members === null) continue
      for (const [name, value] of Object.entries(members)) {
        if (!names.includes(name) || typeof value !== 'string' || value.trim() === '') continue
        const count = plainCount(value)
        if (count === null) {
          throw new ValidationError(
            `${name} is ${JSON.stringify(value.slice(0, 60))}; expected a whole number without a decimal point or comma, such as 128000`,
          )
        }
        ;(members as Record<string, unknown>)[name] = count
      }
    }
  }
}
