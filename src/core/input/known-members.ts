/** Members of an object that a caller passes in code: one that is not known is an error, since a misspelled `dryRun` would write. */
import { closest } from './closest.js'

/** The members of T, each once: the compiler asks for those that are missing here. */
export type KnownMembers<T> = Readonly<Record<keyof T, unknown>>

/**
 * @param where what the object is passed to, as a caller writes it: `syncModels`
 * @param given `undefined`: nothing was passed
 * @throws TypeError with the code FST_MODEL_SYNC_OPTIONS, which names what was probably meant
 */
export function checkMembers(where: string, given: unknown, known: Readonly<Record<string, unknown>>): void {
  if (given === undefined) return
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionsError(`${where} was given ${describe(given)}, expected an object with ${listed(known)}`)
  for (const name in given) if (!Object.hasOwn(known, name)) throw unknownMember(where, name, known)
}

function unknownMember(where: string, name: string, known: Readonly<Record<string, unknown>>): TypeError {
  const meant = closest(name, Object.keys(known))
  return optionsError(
    `${where} has no option "${name}"${meant === null ? '' : `; did you mean "${meant}"?`} (it takes ${listed(known)})`,
  )
}

/** Not one of `errors.ts`: `fastify-model-sync/direct` throws it too, and loads nothing of Fastify. */
function optionsError(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'FST_MODEL_SYNC_OPTIONS', statusCode: 500 })
}

function listed(known: Readonly<Record<string, unknown>>): string {
  return Object.keys(known).join(', ')
}

function describe(given: unknown): string {
  if (given === null) return 'null'
  return Array.isArray(given) ? 'a list' : `a ${typeof given}`
}
