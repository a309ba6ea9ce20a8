/** WithheldModel: a model that exists but that no name leads to now, with the reason and what would bring it back. */
import type { Unavailable, WithheldReason } from './resolution.js'
import type { ResolvableModel } from './resolvable-model.js'

export interface WithheldModel extends ResolvableModel {
  readonly reason: WithheldReason
  /** ISO 8601; `null` = unknown. */
  readonly since: string | null
}

const REASONS: Record<WithheldReason, string> = {
  omitted: 'its provider no longer lists it; it comes back when the provider lists it again',
  deprecated:
    'its provider has retired it; it comes back when the provider lists it with a later deprecation date, or none',
  excluded: 'an include or exclude rule, or a mode filter, leaves it out; it comes back when the rule lets it through',
  'provider-disabled': 'its provider is disabled; it comes back when the provider is enabled again',
  operator:
    'an administrator has made it unavailable; it comes back when the pin on its availability is removed (PATCH /models/<id> {"unpin": ["availability"]})',
  blocked: 'its provider’s operator has blocked it; it comes back when the block ends',
  'not-callable':
    'its provider lists it, but no key can call it; it comes back when the provider names it among the callable ones',
  hidden: 'an administrator has hidden it; it comes back when it is shown again (PATCH /models/<id> {"hidden": false})',
}

/** One sentence without its full stop: what is the matter with the model, since when, and what brings it back. */
export function describeWithheld({ id, reason, since }: Omit<Unavailable, 'actor'>): string {
  const state = reason === 'hidden' ? 'hidden' : 'unavailable'
  const time = since === null ? '' : ` since ${since}`
  return `${id} is ${state}${time}: ${REASONS[reason]}`
}
