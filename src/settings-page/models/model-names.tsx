/** Which model the names of this one lead to. */
import { useResolution } from '../api/queries.js'
import { ApiError } from '../../client/api-error.js'
import type { ModelDetail } from '../../client/contract.js'
import { Link } from '../shell/link.js'
import { MATCHED_BY } from '../names/matched-by.js'

/** More aliases than these are one click away, in the Names view. */
const SHOWN = 8

export function ModelNames({ model }: { model: ModelDetail }) {
  const names = [...new Set([model.providerModelId, model.name, ...model.aliases])].slice(0, SHOWN)
  return (
    <section className="drawer-section" aria-labelledby="names-title">
      <h3 id="names-title">Names</h3>
      <ul className="name-lines">
        {names.map((name) => (
          <NameLine key={name} name={name} model={model} />
        ))}
      </ul>
    </section>
  )
}

function NameLine({ name, model }: { name: string; model: ModelDetail }) {
  const { data, error } = useResolution(name, typeOf(model.mode), true)
  return (
    <li>
      <Link view="names" query={{ name, type: typeOf(model.mode) }}>
        <code>{name}</code>
      </Link>{' '}
      <span className="muted">
        {data !== undefined &&
          error === null &&
          (data.id === model.id ? `leads here, ${MATCHED_BY[data.matchedBy]}` : `leads to ${data.id}`)}
        {error instanceof ApiError && error.code === 'FST_MODEL_SYNC_MODEL_NOT_FOUND' && 'leads to no available model'}
      </span>
    </li>
  )
}

/** The type of request that a mode serves. */
function typeOf(mode: string | null): string {
  switch (mode) {
    case 'embedding':
      return 'embedding'
    case 'audio_speech':
      return 'speech'
    case 'audio_transcription':
      return 'transcription'
    default:
      return 'chat'
  }
}
