/** The answer of the resolver: the model, why it is this one, and which others have the name too. */
import type { Resolution } from '../../client/contract.js'
import { formatMode, providerName } from '../parts/labels.js'
import { Link } from '../shell/link.js'
import { MATCHED_BY } from './matched-by.js'
import { Suggestions } from './suggestions.js'
import { UnavailableNote } from './unavailable-note.js'

export function ResolutionCard({ resolution }: { resolution: Resolution }) {
  const { requested, id, name, provider, providerModelId, mode, matchedBy, fallback, alternatives, suggestions } =
    resolution
  const { unavailable } = resolution
  return (
    <div className={`resolution ${fallback ? 'warn' : 'good'}`}>
      <p className="resolution-model">
        {requested.trim() === '' ? <em>No name</em> : <code>{requested}</code>}
        <span aria-hidden="true"> → </span>
        <span className="visually-hidden">leads to</span>
        <Link view="models" query={{ model: id }}>
          {name}
        </Link>
        {fallback && <span className="badge warn">fallback</span>}
      </p>
      {unavailable === undefined ? (
        <p>This model, {MATCHED_BY[matchedBy]}.</p>
      ) : (
        <>
          <UnavailableNote unavailable={unavailable} />
          <p>The fallback stands in for it.</p>
        </>
      )}
      <dl className="plain-facts">
        <div>
          <dt>Id</dt>
          <dd>
            <code>{id}</code>
          </dd>
        </div>
        <div>
          <dt>Provider</dt>
          <dd>{providerName(provider)}</dd>
        </div>
        <div>
          <dt>Sent upstream as</dt>
          <dd>
            <code>{providerModelId}</code>
          </dd>
        </div>
        <div>
          <dt>Mode</dt>
          <dd>{formatMode(mode)}</dd>
        </div>
      </dl>
      {alternatives.length > 0 && <Alternatives ids={alternatives} />}
      <Suggestions names={suggestions} />
    </div>
  )
}

function Alternatives({ ids }: { ids: readonly string[] }) {
  return (
    <div>
      <h3>Others with this name</h3>
      <ul className="name-lines">
        {ids.map((id) => (
          <li key={id}>
            <Link view="models" query={{ model: id }}>
              <code>{id}</code>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
