/** Types a value, or chooses one, and pins it. */
import { useId, useState } from 'react'
import { fieldTitle } from '../parts/value.js'
import { EditorForm } from './editor-form.js'
import { askBack } from './far-off.js'
import type { Editor } from './field-editors.js'

interface Props {
  field: string
  editor: Editor
  value: unknown
  /** What upstream states; `null`: nothing, or it has no upstream. */
  upstream: unknown
  busy: boolean
  /** Of a local model, whose values are not pinned but its own. */
  local: boolean
  onPin(value: unknown): void
  onCancel(): void
}

export function FieldEditor({ field, editor, value, upstream, busy, local, onPin, onCancel }: Props) {
  const [text, setText] = useState(() => editor.textOf(value))
  const [complaint, setComplaint] = useState(false)
  const [question, setQuestion] = useState<string | null>(null)
  const id = useId()
  const input = {
    className: 'field',
    'aria-label': fieldTitle(field),
    'aria-describedby': `${id}-hint`,
    'aria-invalid': complaint,
    autoFocus: true,
    value: text,
    onChange: (event: { target: { value: string } }) => {
      setText(event.target.value)
      setComplaint(false)
      setQuestion(null)
    },
  }

  function submit() {
    const read = editor.valueOf(text.trim())
    const asked = read === undefined ? null : askBack(field, read, upstream)
    if (read === undefined) setComplaint(true)
    else if (asked === null || question !== null) onPin(read)
    else setQuestion(asked)
  }

  return (
    <EditorForm
      busy={busy}
      local={local}
      onSubmit={submit}
      onCancel={onCancel}
      hint={
        <p id={`${id}-hint`} className={complaint || question !== null ? 'field-complaint' : 'help'}>
          {complaint && 'This value does not fit here. Expected: '}
          {question === null && editor.hint}
          {question !== null && <span role="alert">{question}</span>}
        </p>
      }
    >
      {editor.choices !== undefined ? (
        <select {...input}>
          {editor.choices.map(([choice, title]) => (
            <option key={choice} value={choice}>
              {title}
            </option>
          ))}
        </select>
      ) : editor.long === true ? (
        <textarea {...input} rows={4} spellCheck={false} />
      ) : (
        <input {...input} autoComplete="off" spellCheck={false} />
      )}
    </EditorForm>
  )
}
