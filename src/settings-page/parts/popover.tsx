/** A button that opens a small panel below it; Escape, a click beside it and leaving it with Tab close it. */
import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** The button's name, and the panel's. */
  label: string
  className: string
  trigger: ReactNode
  panel(close: () => void): ReactNode
}

export function Popover({ label, className, trigger, panel }: Props) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  function close() {
    setOpen(false)
    button.current?.focus()
  }

  return (
    <div
      ref={root}
      className="popover"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        close()
      }}
      onBlur={(event) => {
        // Nothing is focused when a click lands on plain text in the panel.
        if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget)) setOpen(false)
      }}
    >
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen((before) => !before)}
      >
        {trigger}
      </button>
      {open && (
        <div id={id} className="popover-panel" role="group" aria-label={label}>
          {panel(close)}
        </div>
      )}
    </div>
  )
}
