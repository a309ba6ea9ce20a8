/** The title of a view, with what stands beside it. */
import type { ReactNode } from 'react'

export function ViewTitle({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="view-title">
      <h1 id="view-title">{title}</h1>
      {children}
    </div>
  )
}
