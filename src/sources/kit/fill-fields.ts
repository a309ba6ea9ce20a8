/** What two listings of one source say of a model: the first has the word, the second fills what it leaves open. */
import { isKnown } from '../../core/model/field-changes.js'
import type { Capabilities, DesiredFields, OtherPrice } from '../../core/model/model-fields.js'

/** Prices and capabilities are filled one by one, other names are put together. Throws nothing. */
export function fillFields(first: DesiredFields, second: DesiredFields): DesiredFields {
  const filled: Record<string, unknown> = { ...first }
  for (const [field, value] of Object.entries(second)) {
    const known = filled[field]
    if (!isKnown(known)) {
      if (value !== undefined) filled[field] = isKnown(value) ? value : (known ?? value)
    } else if (isKnown(value)) filled[field] = fillValue(field, known, value)
  }
  return filled as DesiredFields
}

function fillValue(field: string, known: unknown, value: unknown): unknown {
  switch (field) {
    case 'capabilities':
      return { ...(value as Capabilities), ...(known as Capabilities) }
    case 'otherPrices':
      return fillPrices(known, value)
    case 'aliases':
      return Array.isArray(known) && Array.isArray(value) ? [...new Set<unknown>([...known, ...value])] : known
    default:
      return known
  }
}

function fillPrices(known: unknown, more: unknown): unknown {
  if (!Array.isArray(known) || !Array.isArray(more)) return known
  const key = ({ kind, unit, currency }: OtherPrice): string => `${kind} ${unit} ${currency}`
  const stated = new Set((known as OtherPrice[]).map(key))
  return [...(known as OtherPrice[]), ...(more as OtherPrice[]).filter((price) => !stated.has(key(price)))]
}
