/** resolveAll: many names at once; one that leads nowhere spoils none of the others. */
import { ResolveError } from './resolve-error.js'
import type { ResolvedModel } from './model-resolver.js'
import type { RefusedName, Resolution } from './resolution.js'

/** The unknown names of a list that get suggestions, the first ones: a search takes some hundred times as long as an answer. */
export const MOST_SUGGESTED_NAMES = 50

/**
 * In steps; a name that is there twice is looked up once.
 * @param find one name, with or without suggestions
 * @returns one for each name, in their order
 * @throws what is no fault of a name: ResolveError 503 while there are no models
 */
export function* resolveAll(
  find: (name: string, suggests: boolean) => Generator<void, ResolvedModel, void>,
  names: readonly string[],
  suggests: boolean,
): Generator<void, (Resolution | RefusedName)[], void> {
  const outcomes = new Map<string, Resolution | RefusedName>()
  let left = suggests ? MOST_SUGGESTED_NAMES : 0
  for (const name of new Set(names)) {
    const outcome = yield* outcomeOf(name, find(name, left > 0))
    outcomes.set(name, outcome)
    if ('code' in outcome || outcome.fallback) left -= 1
    yield
  }
  return names.map((name) => outcomes.get(name)!)
}

function* outcomeOf(
  requested: string,
  finding: Generator<void, ResolvedModel, void>,
): Generator<void, Resolution | RefusedName, void> {
  try {
    return (yield* finding).answer
  } catch (error) {
    if (!(error instanceof ResolveError) || error.statusCode === 503) throw error
    const { statusCode, code, message, suggestions, unavailable } = error
    return { requested, statusCode, code, message, suggestions, ...(unavailable === null ? {} : { unavailable }) }
  }
}
