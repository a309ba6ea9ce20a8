/** Why a model that a name leads to is not available, since when, who made it so, and what brings it back. */
import type { Unavailable } from '../../client/contract.js'
import { Moment } from '../parts/moment.js'
import { Link } from '../shell/link.js'

/** The model's state and the way back. */
const REASONS: Record<Unavailable['reason'], { state: string; back: string }> = {
  omitted: { state: 'is no longer listed by its provider', back: 'It comes back when the provider lists it again.' },
  deprecated: {
    state: 'has been retired by its provider',
    back: 'It comes back when the provider lists it with a later end, or none.',
  },
  excluded: {
    state: 'is left out by an include or exclude rule, or a mode filter',
    back: 'It comes back when the rule lets it through.',
  },
  'provider-disabled': {
    state: 'belongs to a provider that is disabled',
    back: 'It comes back when the provider is enabled again.',
  },
  operator: {
    state: 'was made unavailable by an administrator',
    back: 'It comes back when the pin on its availability is removed.',
  },
  blocked: { state: 'is blocked by its provider’s operator', back: 'It comes back when the block ends.' },
  'not-callable': {
    state: 'is listed by its provider, but no key can call it',
    back: 'It comes back when the provider names it among the callable ones.',
  },
  hidden: { state: 'is hidden', back: 'It comes back when it is shown again.' },
}

export function UnavailableNote({ unavailable: { id, reason, since, actor } }: { unavailable: Unavailable }) {
  const { state, back } = REASONS[reason]
  return (
    <p>
      <Link view="models" query={{ model: id }}>
        <code>{id}</code>
      </Link>{' '}
      {state}
      {(since !== null || actor !== null) && (
        <>
          {' '}
          ({since !== null && <Moment iso={since} />}
          {since !== null && actor !== null && ', '}
          {actor !== null && <>by {actor === 'sync' ? 'a sync' : actor}</>})
        </>
      )}
      . {back}
    </p>
  )
}
