/** How often a provider is asked by itself, and what comes of it. */
import { useId } from 'react'
import type { Provider } from '../../client/contract.js'
import { capital, formatInterval } from '../parts/format.js'
import { providerName } from '../parts/labels.js'

/** Minutes. */
const CHOICES = [15, 30, 60, 180, 360, 720, 1440, 10_080]

interface Props {
  provider: Provider
  onChange(interval: number | null): void
}

export function IntervalField({ provider, onChange }: Props) {
  const { slug, interval } = provider
  const choices = interval === null || CHOICES.includes(interval) ? CHOICES : [interval, ...CHOICES]
  const id = useId()
  const note = noteOf(provider)
  return (
    <>
      <select
        className="field"
        aria-label={`Interval of ${providerName(slug)}`}
        aria-describedby={id}
        value={interval ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
      >
        <option value="">As often as the backend</option>
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {capital(formatInterval(minutes))}
          </option>
        ))}
      </select>
      <p id={id} className="help">
        {note}
      </p>
    </>
  )
}

// What is chosen is the least pause: between two syncs of the backend nobody is asked.
function noteOf({ enabled, backOff, interval, effectiveInterval, intervalReason }: Provider): string {
  if (!enabled) return 'Disabled: it is not asked at all.'
  // Said above, and how often instead.
  if (backOff !== null) return ''
  if (effectiveInterval === null) return 'Auto-sync is off: it is asked when somebody refreshes.'
  if (intervalReason !== null) return `${capital(intervalReason)}.`
  if (interval !== null && interval < effectiveInterval)
    return `Asked ${formatInterval(effectiveInterval)}: the backend does not sync more often.`
  return `Asked ${formatInterval(effectiveInterval)}.`
}
