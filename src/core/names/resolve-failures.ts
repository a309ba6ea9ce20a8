/** Why a name leads to no model. Pure. */
import { DEFAULT_MODELS, DEFAULT_VARIABLES } from './default-models.js'
import type { RequestType } from './request-types.js'
import { modesServing } from './request-type.js'
import type { ResolvableModel } from './resolvable-model.js'
import type { Unavailable } from './resolution.js'
import { ResolveError } from './resolve-error.js'
import type { Suggestion } from './suggester.js'
import { describeWithheld, type WithheldModel } from './withheld-model.js'

const MOST_OWNERS_QUOTED = 5
const QUOTED_LENGTH = 200

export function mismatch(requested: string, type: RequestType, owners: readonly ResolvableModel[]): ResolveError {
  const found = owners.map(({ id, mode }) => `${id} of mode ${String(mode)}`).slice(0, MOST_OWNERS_QUOTED)
  return new ResolveError(
    'FST_MODEL_SYNC_TYPE_MISMATCH',
    `${quote(requested)} is ${found.join(', ')}, which serves no ${type} request; ask for the type that it serves, or name a model of mode ${modesServing(type).join(', ')}`,
  )
}

export function notFound(requested: string, near: readonly Suggestion[]): ResolveError {
  return new ResolveError(
    'FST_MODEL_SYNC_MODEL_NOT_FOUND',
    `there is no model ${quote(requested)}${meant(near)}; give the id, the name or an alias of an available model`,
    { suggestions: near.map(({ name }) => name), unknownName: requested },
  )
}

export function toUnavailable({ id, reason, since }: WithheldModel): Unavailable {
  return { id, reason, since, actor: null }
}

export function unavailable(requested: string, withheld: WithheldModel, cause?: unknown): ResolveError {
  return new ResolveError(
    'FST_MODEL_SYNC_MODEL_UNAVAILABLE',
    `${quote(requested)} cannot be had: ${describeWithheld(withheld)}`,
    {
      unknownName: requested,
      unavailable: toUnavailable(withheld),
      cause,
    },
  )
}

/** @param given `requested`: the unknown name that the default would stand in for; `null`: it was meant itself. `wrong`: what has its name. */
export function noDefault(
  type: RequestType,
  given: {
    requested: string | null
    set: string | undefined
    wrong: ResolvableModel | undefined
    withheld: WithheldModel | null
    near: readonly Suggestion[]
  },
): ResolveError {
  const { requested, set, wrong, withheld, near } = given
  const absent = withheld === null ? 'is not among the models' : `cannot be had (${describeWithheld(withheld)})`
  const why = wrong === undefined ? absent : `is ${wrong.id}, whose mode is ${String(wrong.mode)}`
  const unknown = requested === null ? '' : `there is no model ${quote(requested)}${meant(near)}, and `
  const problem =
    set === undefined && wrong === undefined && withheld === null
      ? `no default is set for ${type} requests`
      : `the default for ${type} requests, ${quote(set ?? DEFAULT_MODELS[type])}, ${why}`
  return new ResolveError(
    'FST_MODEL_SYNC_NO_FALLBACK',
    `${unknown}${problem}; set ${DEFAULT_VARIABLES[type]} to a model that is available and of mode ${modesServing(type).join(', ')}`,
    { suggestions: near.map(({ name }) => name), unknownName: requested },
  )
}

function meant(near: readonly Suggestion[]): string {
  if (near.length === 0) return ''
  const names = near.map(({ name, otherVersion }) => (otherVersion ? `${quote(name)} (another version)` : quote(name)))
  return ` (near: ${names.join(', ')})`
}

function quote(name: string): string {
  return JSON.stringify(name.length > QUOTED_LENGTH ? `${name.slice(0, QUOTED_LENGTH)}…` : name)
}
