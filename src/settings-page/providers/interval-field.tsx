/** How often a provider is asked by itself. */
import type { Provider } from '../../client/contract.js'

const CHOICES: [minutes: number, title: string][] = [
  [15, 'Every 15 minutes'],
  [30, 'Every 30 minutes'],
  [60, 'Every hour'],
  [180, 'Every 3 hours'],
  [360, 'Every 6 hours'],
  [720, 'Every 12 hours'],
  [1440, 'Every day'],
  [10_080, 'Every week'],
]

interface Props {
  provider: Provider
  onChange(interval: number | null): void
}

export function IntervalField({ provider: { name, interval }, onChange }: Props) {
  const known = interval === null || CHOICES.some(([minutes]) => minutes === interval)
  return (
    <select
      className="field"
      aria-label={`Interval of ${name}`}
      value={interval ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    >
      <option value="">Interval of the backend</option>
      {!known && <option value={interval}>{`Every ${interval} minutes`}</option>}
      {CHOICES.map(([minutes, title]) => (
        <option key={minutes} value={minutes}>
          {title}
        </option>
      ))}
    </select>
  )
}
