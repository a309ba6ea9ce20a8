/** Something that must be said above the view. */
import type { ReactNode } from 'react'
import { WarningIcon } from './icons.js'

export function Notice({ tone, children }: { tone: 'bad' | 'warn'; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role="alert">
      <WarningIcon />
      <div className="notice-text">{children}</div>
    </div>
  )
}
