/** Type a model's name and see which model a request with it would get, and why. */
import { ApiError } from '../../client/api-error.js'
import type { RefusedName, Resolution } from '../../client/contract.js'
import { useResolutions } from '../api/queries.js'
import { Empty } from '../parts/empty.js'
import { capital } from '../parts/format.js'
import { ReadProblem } from '../parts/read-problem.js'
import { ViewTitle } from '../parts/view-title.js'
import { changeQuery, usePlace } from '../shell/router.js'
import { useTyped } from '../shell/use-typed.js'
import { ResolutionCard } from './resolution-card.js'
import { Suggestions } from './suggestions.js'
import { UnavailableNote } from './unavailable-note.js'
import '../styles/names.css'

const TYPES: [type: string, title: string][] = [
  ['chat', 'Chat'],
  ['embedding', 'Embedding'],
  ['speech', 'Speech'],
  ['transcription', 'Transcription'],
]

export function NamesView() {
  const { query } = usePlace()
  const [text, setText] = useTyped('name')
  const name = query.get('name') ?? ''
  const type = query.get('type') ?? 'chat'
  const strict = query.get('strict') === 'true'
  const { data, error, isPlaceholderData, refetch } = useResolutions([name], type, strict)
  const answer = data?.[0]
  return (
    <>
      <ViewTitle title="Names">
        <p className="muted">Which model does a request with this name get?</p>
      </ViewTitle>
      <section className="card names" aria-label="Resolve a name">
        <div className="names-form">
          <label className="names-field">
            <span>Name</span>
            <input
              className="field"
              type="search"
              autoComplete="off"
              spellCheck={false}
              placeholder="gpt-4o, openrouter/qwen/qwen3-coder, default …"
              maxLength={500}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <label>
            <span>Type of request</span>
            <select className="field" value={type} onChange={(event) => changeQuery({ type: event.target.value })}>
              {TYPES.map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={strict}
              onChange={(event) => changeQuery({ strict: event.target.checked ? 'true' : null })}
            />
            Strict: no fallback
          </label>
        </div>
        <div aria-live="polite" aria-busy={isPlaceholderData}>
          {answer !== undefined && error === null ? (
            <Answer answer={answer} named={name.trim() !== ''} />
          ) : error !== null ? (
            <NoAnswer error={error} onRetry={() => void refetch()} />
          ) : (
            <p className="loading">Looking…</p>
          )}
        </div>
      </section>
    </>
  )
}

function Answer({ answer, named }: { answer: Resolution | RefusedName; named: boolean }) {
  return 'id' in answer ? <ResolutionCard resolution={answer} /> : <Refusal answer={answer} named={named} />
}

function NoAnswer({ error, onRetry }: { error: Error; onRetry(): void }) {
  if (!(error instanceof ApiError && error.code === 'FST_MODEL_SYNC_NO_MODELS'))
    return <ReadProblem error={error} what="Names" onRetry={onRetry} />
  return (
    <Empty title="No models yet">
      <p>A name leads to one of the models of the catalogue. Press “Refresh Models” to fill it.</p>
    </Empty>
  )
}

/** @param named false: no name was typed, and a request without one means the default */
function Refusal({
  answer: { code, message, suggestions, unavailable },
  named,
}: {
  answer: RefusedName
  named: boolean
}) {
  if (unavailable !== undefined)
    return (
      <div className="advice warn">
        <p>
          <strong>This model is not available now.</strong>
        </p>
        <UnavailableNote unavailable={unavailable} />
      </div>
    )
  const title = !named
    ? 'A request without a name gets no model.'
    : code === 'FST_MODEL_SYNC_TYPE_MISMATCH'
      ? 'This model is of another type.'
      : 'This name leads to no model.'
  return (
    <div className={named ? 'advice bad' : 'advice warn'}>
      <p>
        <strong>{title}</strong> {capital(message)}.
      </p>
      <Suggestions names={suggestions} />
    </div>
  )
}
