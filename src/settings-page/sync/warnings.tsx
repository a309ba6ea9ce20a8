/** A list of warnings: the first few, the rest on demand. */
import { formatPlural } from '../parts/format.js'

/** A catalogue of thousands may warn of as many entries. */
const SHOWN = 3

export function Warnings({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <div className="warnings">
      <List lines={lines.slice(0, SHOWN)} />
      {lines.length > SHOWN && (
        <details>
          <summary>{formatPlural(lines.length - SHOWN, 'more warning')}</summary>
          <List lines={lines.slice(SHOWN)} />
        </details>
      )}
    </div>
  )
}

function List({ lines }: { lines: string[] }) {
  return (
    <ul>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  )
}
