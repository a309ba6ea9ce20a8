/** The cells that are more than a text. Each is one line or two, never more: the rows are all of one height. */
import type { Model } from '../../client/contract.js'
import { UNKNOWN } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { capabilityNames, formatReason } from '../parts/labels.js'
import { changeQuery } from '../shell/router.js'
import '../styles/availability.css'

export function ModelCell({ model }: { model: Model }) {
  const { search, pathname } = location
  const address = new URLSearchParams(search)
  address.set('model', model.id)
  return (
    <a
      className="model-link"
      href={`${pathname}?${address}`}
      title={model.id}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        changeQuery({ model: model.id }, { keep: true })
      }}
    >
      <span className="model-name">
        {model.name}
        {Object.keys(model.pins).length > 0 && <span className="tag">pinned</span>}
        {model.origin === 'local' && <span className="tag">local</span>}
        {model.hidden && <span className="tag">hidden</span>}
      </span>
      <span className="model-id">{model.id}</span>
    </a>
  )
}

// More would not fit in two lines; the rest is one hover, or one screen-reader word, away.
const SHOWN_CAPABILITIES = 3

export function CapabilitiesCell({ model }: { model: Model }) {
  const names = capabilityNames(model.capabilities)
  const rest = names.slice(SHOWN_CAPABILITIES)
  if (names.length === 0) return UNKNOWN
  return (
    <ul className="chips">
      {names.slice(0, SHOWN_CAPABILITIES).map((name) => (
        <li key={name} className="chip">
          {name}
        </li>
      ))}
      {rest.length > 0 && (
        <li className="chip more" title={rest.join(', ')}>
          <span aria-hidden="true">+{rest.length}</span>
          <span className="visually-hidden">{rest.join(', ')}</span>
        </li>
      )}
    </ul>
  )
}

export function AvailabilityCell({ model }: { model: Model }) {
  if (model.availability === 'available')
    return <span className="availability-word available">{model.stale ? 'Available, stale' : 'Available'}</span>
  const reason = formatReason(model.unavailableReason)
  return (
    <>
      <span className="availability-word unavailable">Unavailable</span>
      <span className="availability-reason">
        {reason}
        {model.unavailableSince !== null && (
          <>
            {reason === null ? '' : ', '}
            <Moment iso={model.unavailableSince} />
          </>
        )}
      </span>
    </>
  )
}
