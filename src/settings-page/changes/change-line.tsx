/** One change: what, of which model, from what to what. */
import type { Change } from '../../client/contract.js'
import { FieldChangeValues } from '../parts/field-change.js'
import { Moment } from '../parts/moment.js'
import { formatReason } from '../parts/labels.js'
import { fieldTitle } from '../parts/value.js'
import { changeQuery } from '../shell/router.js'
import { Link } from '../shell/link.js'
import '../styles/changes.css'

export const KIND_WORDS: Record<string, string> = {
  added: 'added',
  updated: 'updated',
  unavailable: 'unavailable',
  restored: 'restored',
  renamed: 'renamed',
  deleted: 'deleted',
}

const CAUSES: Record<string, string> = {
  pin: 'by hand',
  local: 'by hand',
  undo: 'undo',
  rule: 'by a rule',
  operator: 'by hand',
}

/** @param of what the list is of: its lines need not name it again */
export function ChangeLine({ change, of }: { change: Change; of: 'run' | 'model' }) {
  const { kind, modelId, field, from, to, actor, at } = change
  // A provider that a person has switched counts as a rule in the changelog.
  const cause = change.cause === 'rule' && actor !== 'sync' ? 'operator' : change.cause
  return (
    <li className="change-line">
      <span className={`kind ${kind}`}>{KIND_WORDS[kind]}</span>
      <div className="change-what">
        {of === 'run' && (
          <Link
            view="changes"
            query={{ model: modelId }}
            className="model-ref"
            onClick={(event) => {
              // The list stays as it is; the model comes over it.
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              changeQuery({ model: modelId }, { keep: true })
            }}
          >
            {modelId}
          </Link>
        )}
        {kind === 'updated' && field !== null && (
          <FieldChangeValues title={fieldTitle(field)} field={field} from={from} to={to} />
        )}
        {kind === 'renamed' && <span className="muted">before: {String(from)}</span>}
        {kind === 'unavailable' && <span className="muted">{formatReason(reasonOf(to))}</span>}
      </div>
      <span className="change-when muted">
        {cause !== 'upstream' && (CAUSES[cause] ?? cause)}
        {cause !== 'upstream' && actor !== 'sync' && ` (${actor})`}
        {of === 'model' && (
          <>
            {' '}
            <Moment iso={at} />
          </>
        )}
      </span>
    </li>
  )
}

function reasonOf(to: unknown): string | null {
  return typeof to === 'string' && to !== 'unavailable' ? to : null
}
