/** A model's fields with where each value comes from, and pinning: a value set by hand that survives every sync. */
import { useState } from 'react'
import { ApiError } from '../../client/api-error.js'
import type { Model, ModelDetail } from '../../client/contract.js'
import { formatExact } from '../parts/format.js'
import { fieldTitle, formatValue } from '../parts/value.js'
import { CapabilitiesEditor } from './capabilities-editor.js'
import { FieldEditor } from './field-editor.js'
import { editorOf } from './field-editors.js'
import { doubtText } from './field-mark.js'
import { useEditModel } from './use-edit-model.js'

// All that can be pinned.
const FIELDS = [
  'name',
  'description',
  'ownedBy',
  'mode',
  'contextLength',
  'maxOutputTokens',
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
  'otherPrices',
  'priceWindows',
  'capabilities',
  'inputModalities',
  'outputModalities',
  'aliases',
  'deployments',
  'rpm',
  'tpm',
  'restricted',
  'teams',
  'accessGroups',
  'createdAt',
  'deprecationDate',
  'replacedBy',
] as const satisfies (keyof Model)[]

type Field = (typeof FIELDS)[number]

const SOURCES: Record<string, string> = {
  upstream: 'upstream',
  'price-book': 'price book',
  'price-book:litellm': 'LiteLLM’s prices',
  'price-book:models-dev': 'models.dev',
  assumed: 'assumed',
  pin: 'pinned',
  local: 'local',
}

export function ModelFields({ model }: { model: ModelDetail }) {
  const [editing, setEditing] = useState<string | null>(null)
  const { edit, busy, error } = useEditModel(model.id)
  const close = () => setEditing(null)

  return (
    <section className="drawer-section" aria-labelledby="fields-title">
      <h3 id="fields-title">Fields</h3>
      {error !== null && !(error instanceof ApiError && error.refused) && (
        <p className="field-complaint" role="alert">
          {error.message}
        </p>
      )}
      <dl className="fields">
        {FIELDS.map((field) => (
          <div key={field} className="field-line">
            <dt>{fieldTitle(field)}</dt>
            <dd>
              {editing !== field ? (
                <ShownField model={model} field={field} edit={edit} onEdit={() => setEditing(field)} />
              ) : (
                <EditedField model={model} field={field} edit={edit} busy={busy} onClose={close} />
              )}
            </dd>
          </div>
        ))}
        <Switches model={model} edit={edit} />
      </dl>
    </section>
  )
}

interface FieldProps {
  model: ModelDetail
  field: Field
  edit: ReturnType<typeof useEditModel>['edit']
}

function EditedField({ model, field, edit, busy, onClose }: FieldProps & { busy: boolean; onClose(): void }) {
  const editor = editorOf(field)
  const local = model.origin === 'local'

  function pinCapabilities(value: Record<string, boolean>) {
    // Those that are not among them any more go back to upstream.
    const unpin = 'capabilities' in model.pins ? { unpin: ['capabilities'] } : {}
    const pin = Object.keys(value).length > 0 || local ? { capabilities: value } : {}
    if (Object.keys({ ...unpin, ...pin }).length === 0) onClose()
    else edit({ ...unpin, ...pin }, onClose)
  }

  if (editor === null)
    return <CapabilitiesEditor model={model} busy={busy} onCancel={onClose} onPin={pinCapabilities} />
  return (
    <FieldEditor
      field={field}
      editor={editor}
      value={model[field]}
      upstream={upstreamOf(model, field)}
      busy={busy}
      local={local}
      onCancel={onClose}
      onPin={(value) => edit({ [field]: value }, onClose)}
    />
  )
}

function ShownField({ model, field, edit, onEdit }: FieldProps & { onEdit(): void }) {
  const source = model.provenance[field]
  const pinned = field in model.pins
  const doubt = model.doubts.find((one) => one.field === field)
  // A local model has no upstream to pin a field against.
  const verb = pinned || model.origin === 'local' ? 'Change' : 'Pin'
  const exact = field === 'createdAt' && model.createdAt !== null ? formatExact(model.createdAt) : undefined
  return (
    <>
      <span className="field-value" title={exact}>
        {formatValue(field, model[field])}
      </span>
      {source !== undefined && <FieldSource source={source} estimated={model.estimated.includes(field)} />}
      {doubt !== undefined && (
        <span className="tag doubt" title={doubtText(doubt)}>
          doubtful<span className="visually-hidden">, {doubtText(doubt)}</span>
        </span>
      )}
      <span className="field-actions">
        {pinned && (
          <button
            type="button"
            className="link"
            aria-label={`Unpin ${fieldTitle(field)}`}
            onClick={() => edit({ unpin: [field] })}
          >
            Unpin
          </button>
        )}
        <button type="button" className="link" aria-label={`${verb} ${fieldTitle(field)}`} onClick={onEdit}>
          {verb}
        </button>
      </span>
    </>
  )
}

/** Where a value comes from; another seller's limit or price is no more than an estimate. */
function FieldSource({ source, estimated }: { source: string; estimated: boolean }) {
  const name = SOURCES[source] ?? source.replace(/^provider:/, '')
  return (
    <>
      <span className={`tag source-${source}`}>{name}</span>
      {estimated && (
        <span className="tag doubt" title={`the value of ${name}’s offer, which is another one`}>
          estimate<span className="visually-hidden">, of {name}’s offer</span>
        </span>
      )}
    </>
  )
}

function Switches({ model, edit }: { model: ModelDetail; edit(body: Record<string, unknown>): void }) {
  const byHand = model.unavailableReason === 'operator'
  return (
    <>
      <div className="field-line">
        <dt>Availability</dt>
        <dd>
          <span className="field-value">{model.availability}</span>
          <span className="field-actions">
            {byHand ? (
              <button type="button" className="link" onClick={() => edit({ availability: 'available' })}>
                Give back to upstream
              </button>
            ) : (
              model.availability === 'available' && (
                <button type="button" className="link" onClick={() => edit({ availability: 'unavailable' })}>
                  Take out
                </button>
              )
            )}
          </span>
        </dd>
      </div>
      <div className="field-line">
        <dt>Hidden</dt>
        <dd>
          <span className="field-value">{model.hidden ? 'yes' : 'no'}</span>
          <span className="field-actions">
            <button type="button" className="link" onClick={() => edit({ hidden: !model.hidden })}>
              {model.hidden ? 'Show' : 'Hide'}
            </button>
          </span>
        </dd>
      </div>
    </>
  )
}

/** What upstream states of the field, whether or not a pin stands over it. */
function upstreamOf(model: ModelDetail, field: Field): unknown {
  if (model.origin === 'local') return null
  const conflict = model.conflicts.find((one) => one.field === field)
  return conflict === undefined ? model[field] : conflict.upstream
}
