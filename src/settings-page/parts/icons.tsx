/** The page's few icons, drawn in the colour of the text; decoration only, the words stand beside them. */
import type { ReactNode } from 'react'

function Icon({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <svg
      className={className === undefined ? 'icon' : `icon ${className}`}
      viewBox="0 0 20 20"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  )
}

export function RefreshIcon({ turning = false }: { turning?: boolean }) {
  return (
    <Icon {...(turning ? { className: 'turning' } : {})}>
      <path d="M4 9a6.2 6.2 0 0 1 11-2.8L16.5 8" />
      <path d="M16.6 4v4h-4" />
      <path d="M16 11a6.2 6.2 0 0 1-11 2.8L3.5 12" />
      <path d="M3.4 16v-4h4" />
    </Icon>
  )
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="m4.5 10.5 3.6 3.6 7.4-8" />
    </Icon>
  )
}

export function PauseIcon() {
  return (
    <Icon>
      <path d="M7 5v10M13 5v10" />
    </Icon>
  )
}

export function CrossIcon() {
  return (
    <Icon>
      <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />
    </Icon>
  )
}

export function InfoIcon() {
  return (
    <Icon>
      <path d="M10 9v6M10 5h.01" />
    </Icon>
  )
}

export function WarningIcon() {
  return (
    <Icon>
      <path d="M10 3 18 17H2Z" />
      <path d="M10 8.2v4M10 14.6h.01" />
    </Icon>
  )
}

export function SearchIcon() {
  return (
    <Icon>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 3.5 3.5" />
    </Icon>
  )
}

export function ChevronIcon() {
  return (
    <Icon>
      <path d="m5.5 8 4.5 4.5L14.5 8" />
    </Icon>
  )
}

export function DownloadIcon() {
  return (
    <Icon>
      <path d="M10 3.5v9m-3.5-3.5L10 12.5 13.5 9M4 16.5h12" />
    </Icon>
  )
}

export function ColumnsIcon() {
  return (
    <Icon>
      <path d="M3.5 4.5h13v11h-13zM8 4.5v11M12.2 4.5v11" />
    </Icon>
  )
}

export function FilterIcon() {
  return (
    <Icon>
      <path d="M3.5 6h13M6 10h8M8.5 14h3" />
    </Icon>
  )
}

export function ArrowIcon({ down = false }: { down?: boolean }) {
  return (
    <Icon>
      <path d={down ? 'M10 4v12m-4.5-4.5L10 16l4.5-4.5' : 'M10 16V4M5.5 8.5 10 4l4.5 4.5'} />
    </Icon>
  )
}
