/** The dialog that leads to the host's own sign-in, in another tab, so that nothing that was typed here is lost. */
import { useEffect, useId, useRef } from 'react'

interface Props {
  url: string
  reason: string | null
  onClose(): void
  onSignedIn(): void
}

export function SessionDialog({ url, reason, onClose, onSignedIn }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-help`}
      onClose={onClose}
    >
      <h2 id={`${id}-title`}>Sign in</h2>
      {reason !== null && <p className="dialog-reason">{reason}</p>}
      <p id={`${id}-help`} className="help">
        Sign in in another tab, then come back and go on. What you typed stays.
      </p>
      <div className="dialog-actions">
        <a className="button" href={url} target="_blank" rel="noopener">
          Sign in
        </a>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            dialog.current?.close()
            onSignedIn()
          }}
        >
          Go on
        </button>
      </div>
    </dialog>
  )
}
