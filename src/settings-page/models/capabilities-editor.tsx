/** What a model can do, pinned one by one; the others stay as upstream says. */
import { useId, useState } from 'react'
import type { Model } from '../../client/contract.js'
import { CAPABILITY_NAMES } from '../parts/labels.js'
import { EditorForm } from './editor-form.js'

type Pinned = Record<string, boolean>

const WORDS = { true: 'yes', false: 'no' } as const

interface Props {
  model: Model
  busy: boolean
  onPin(value: Pinned): void
  onCancel(): void
}

export function CapabilitiesEditor({ model, busy, onPin, onCancel }: Props) {
  const local = model.origin === 'local'
  const [pinned, setPinned] = useState<Pinned>(() => {
    const stated = local ? model.capabilities : ((model.pins['capabilities'] ?? {}) as Record<string, boolean | null>)
    return Object.fromEntries(Object.entries(stated).filter((entry): entry is [string, boolean] => entry[1] !== null))
  })
  const id = useId()

  function choose(capability: string, word: string) {
    const { [capability]: _, ...others } = pinned
    setPinned(word === '' ? others : { ...others, [capability]: word === WORDS.true })
  }

  return (
    <EditorForm busy={busy} local={local} onSubmit={() => onPin(pinned)} onCancel={onCancel}>
      <ul className="capability-choices">
        {Object.keys(model.capabilities).map((capability, index) => (
          <li key={capability}>
            <label htmlFor={`${id}-${capability}`}>{CAPABILITY_NAMES[capability] ?? capability}</label>
            <select
              id={`${id}-${capability}`}
              className="field"
              autoFocus={index === 0}
              value={capability in pinned ? WORDS[`${pinned[capability] === true}`] : ''}
              onChange={(event) => choose(capability, event.target.value)}
            >
              <option value="">{local ? 'unknown' : 'as upstream says'}</option>
              <option>{WORDS.true}</option>
              <option>{WORDS.false}</option>
            </select>
          </li>
        ))}
      </ul>
    </EditorForm>
  )
}
