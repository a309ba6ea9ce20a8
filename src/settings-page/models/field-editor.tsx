/** Types a value and pins it. */
import { useId, useState } from 'react'
import { fieldTitle } from '../parts/value.js'
import { editorOf } from './field-editors.js'

interface Props {
  field: string
  value: unknown
  busy: boolean
  onPin(value: unknown): void
  onCancel(): void
}

export function FieldEditor({ field, value, busy, onPin, onCancel }: Props) {
  const editor = editorOf(field)
  const [text, setText] = useState(() => editor?.textOf(value) ?? '')
  const [complaint, setComplaint] = useState(false)
  const id = useId()
  if (editor === null) return null
  return (
    <form
      className="field-editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const read = editor.valueOf(text.trim())
        if (read === undefined) setComplaint(true)
        else if (!busy) onPin(read)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // Only this, not the drawer around it.
        event.preventDefault()
        event.stopPropagation()
        onCancel()
      }}
    >
      <input
        className="field"
        aria-label={fieldTitle(field)}
        aria-describedby={`${id}-hint`}
        aria-invalid={complaint}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setComplaint(false)
        }}
      />
      <button type="submit" className="button primary" aria-disabled={busy}>
        Pin
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
      <p id={`${id}-hint`} className={complaint ? 'field-complaint' : 'help'}>
        {complaint && 'This is not a value of the field: '}
        {editor.hint === '' && complaint ? 'it needs a text' : editor.hint}
      </p>
    </form>
  )
}
