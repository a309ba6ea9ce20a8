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
}

/** Which models a name may lead to. */
export interface NameScope {
  /** Id of the user whose private models count; `null`: nobody's. */
  viewer: string | null
  /** Slug of the only provider whose models count; `null`: every provider's. */
  provider: string | null
}

export function isWithin(model: ResolvableModel, { viewer, provider }: NameScope): boolean {
  return (provider === null || model.provider === provider) && isVisible(model, viewer)
}

/** Whether the model exists for this user; `null`: nobody in particular. */
export function isVisible({ privateTo }: ResolvableModel, viewer: string | null): boolean {
  return privateTo === null || (viewer !== null && privateTo.includes(viewer))
}
