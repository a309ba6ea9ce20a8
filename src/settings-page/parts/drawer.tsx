/** A panel from the side, over the view; Escape and a click beside it close it, and the focus goes back to where it was. */
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { CrossIcon } from './icons.js'

interface Props {
  titleId: string
  onClose(): void
  children: ReactNode
}

export function Drawer({ titleId, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        // The dialog itself is hit only beside its content.
        if (event.target === dialog.current) dialog.current?.close()
      }}
    >
      <div className="drawer-content">
        <button
          type="button"
          className="button icon-only drawer-close"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <CrossIcon />
        </button>
        {children}
      </div>
    </dialog>
  )
}
