/** What resolving a name needs of a model. */
import type { ModelFields } from '../model/model-fields.js'

/** An available model that is shown; others never come into a resolver. Unknown is `null`. */
export interface ResolvableModel extends Pick<ModelFields, 'name' | 'mode' | 'createdAt'> {
  /** Public id, `<provider>/<providerModelId>`. */
  readonly id: string
  readonly provider: string
  readonly providerModelId: string
  /** Declared by upstream or by hand, and the ids that it had before it was renamed. */
  readonly aliases: readonly string[]
  /** ISO date. */
  readonly deprecationDate: string | null
  /** Upstream's id of the successor. */
  readonly replacedBy: string | null
  /** Ids of the only users for whom this model exists; `null`: everybody. */
  readonly privateTo: readonly string[] | null
  /** The only teams and access groups that may call it; `null` or unset: everybody may. */
  readonly restrictedTo?: readonly string[] | null
}

/** Which models a name may lead to. */
export interface NameScope {
  /** Id of the user whose private models count; `null`: nobody's. */
  viewer: string | null
  /** Teams and access groups of who asks. Default: none. */
  teams?: readonly string[] | undefined
  /** Slug of the only provider whose models count; `null`: every provider's. */
  provider: string | null
}

export function isWithin(model: ResolvableModel, scope: NameScope): boolean {
  return (scope.provider === null || model.provider === scope.provider) && isVisible(model, scope)
}

/** Whether the model exists for this user, and may be called from one of the teams. */
export function isVisible(
  { privateTo, restrictedTo = null }: ResolvableModel,
  { viewer, teams = [] }: Omit<NameScope, 'provider'>,
): boolean {
  if (privateTo !== null && (viewer === null || !privateTo.includes(viewer))) return false
  return restrictedTo === null || teams.some((team) => restrictedTo.includes(team))
}
