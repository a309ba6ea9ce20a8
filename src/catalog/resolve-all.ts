/** Many names at once, of which one that leads nowhere spoils none of the others. */
import { ResolveError } from './resolve-error.js'
import type { Resolution, ResolveOptions } from './resolver.js'
import type { Unavailable } from './withheld-model.js'

/** Why a name leads to no model. */
export interface RefusedName {
  requested: string
  statusCode: number
  code: string
  message: string
  suggestions: readonly string[]
  /** The model of that name, which is there and cannot be had; absent: there is none. */
  unavailable?: Unavailable
}

/**
 * @returns one for each name, in their order
 * @throws what is no fault of a name: ResolveError 503 while there are no models
 */
export async function resolveAll(
  resolve: (name: string, options: ResolveOptions) => Promise<Resolution>,
  names: readonly string[],
  options: ResolveOptions,
): Promise<(Resolution | RefusedName)[]> {
  const results: (Resolution | RefusedName)[] = []
  for (const requested of names) {
    try {
      results.push(await resolve(requested, options))
    } catch (error) {
      if (!(error instanceof ResolveError) || error.statusCode === 503) throw error
      const { statusCode, code, message, suggestions, unavailable } = error
      results.push({
        requested,
        statusCode,
        code,
        message,
        suggestions,
        ...(unavailable === null ? {} : { unavailable }),
      })
    }
  }
  return results
}
