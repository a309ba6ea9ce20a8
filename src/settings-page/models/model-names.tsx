/** Which model the names of this one lead to. */
import { useResolutions } from '../api/queries.js'
import type { ModelDetail, Resolution, RefusedName } from '../../client/contract.js'
import { Link } from '../shell/link.js'
import { MATCHED_BY } from '../names/matched-by.js'

/** More aliases than these are one click away, in the Names view. */
const SHOWN = 8

export function ModelNames({ model }: { model: ModelDetail }) {
  const names = [...new Set([model.providerModelId, model.name, ...model.aliases])].slice(0, SHOWN)
  const type = typeOf(model.mode)
  const { data: answers } = useResolutions(names, type, true)
  return (
    <section className="drawer-section" aria-labelledby="names-title">
      <h3 id="names-title">Names</h3>
      <ul className="name-lines">
        {names.map((name) => (
          <li key={name}>
            <Link view="names" query={{ name, type }}>
              <code>{name}</code>
            </Link>{' '}
            <span className="muted">
              {wordsOf(
                answers?.find(({ requested }) => requested === name),
                model,
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function wordsOf(answer: Resolution | RefusedName | undefined, model: ModelDetail): string {
  if (answer === undefined) return ''
  if (!('id' in answer)) return 'leads to no available model'
  return answer.id === model.id ? `leads here, ${MATCHED_BY[answer.matchedBy]}` : `leads to ${answer.id}`
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
