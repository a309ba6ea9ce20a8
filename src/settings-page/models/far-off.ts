/** Whether a value that is typed is so far off upstream's that a slip is likelier than a price cut: a point forgotten, a unit mistaken. Pure. */
import { formatValue, isPrice } from '../parts/value.js'

/** The guard of a sync holds a price that upstream changes as much. */
const FACTOR = 10

/** What to ask back; `null`: nothing. Only prices and numbers of tokens are compared, and only where upstream states one. */
export function askBack(field: string, typed: unknown, upstream: unknown): string | null {
  if (!isPrice(field) && field !== 'contextLength' && field !== 'maxOutputTokens') return null
  if (typed === null || upstream === null || upstream === undefined) return null
  const [value, stated] = [Number(typed), Number(upstream)]
  if (!(stated > 0) || !Number.isFinite(value)) return null
  const times = value / stated
  if (times < FACTOR && times > 1 / FACTOR) return null
  const off = times >= 1 ? `${round(times)} times` : times === 0 ? 'nothing of' : `1/${round(1 / times)} of`
  return `${formatValue(field, typed)} is ${off} upstream’s ${formatValue(field, upstream)}. If you mean it, press the button again.`
}

function round(times: number): string {
  return times.toLocaleString('en', { maximumSignificantDigits: 3 })
}
