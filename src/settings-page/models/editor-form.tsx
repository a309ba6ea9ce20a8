/** What every editor of a field has around it: Pin or Save, Cancel, and Escape, which leaves only the editor. */
import type { ReactNode } from 'react'

interface Props {
  busy: boolean
  /** Of a local model, whose values are not pinned but its own. */
  local: boolean
  onSubmit(): void
  onCancel(): void
  /** What is edited. */
  children: ReactNode
  /** Below the buttons. */
  hint?: ReactNode
}

export function EditorForm({ busy, local, onSubmit, onCancel, children, hint }: Props) {
  return (
    <form
      className="field-editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onSubmit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // Only this, not the drawer around it.
        event.preventDefault()
        event.stopPropagation()
        onCancel()
      }}
    >
      {children}
      <button type="submit" className="button primary" aria-disabled={busy}>
        {local ? 'Save' : 'Pin'}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
      {hint}
    </form>
  )
}
