/** FieldMark: what a value of the list is not: certain, or this seller's own. */
import type { Model } from '../../client/contract.js'

const CAUSES: Partial<Record<Model['doubts'][number]['reason'], string>> = {
  unit: 'probably another unit',
  'stale-book': 'the price book is probably behind',
  'regional-price': 'probably the price of a region',
}

/** For a tooltip. */
export function doubtText({ expected, reason }: Model['doubts'][number]): string {
  const cause = CAUSES[reason]
  return `expected ${expected}${cause === undefined ? '' : `; ${cause}`}`
}

export function FieldMark({ model, field }: { model: Model; field: string }) {
  const doubt = model.doubts.find((one) => one.field === field)
  if (doubt !== undefined) return <Mark sign="?" word={`doubtful, ${doubtText(doubt)}`} />
  if (!model.estimated.includes(field)) return null
  return <Mark sign="≈" word={`an estimate, from ${(model.provenance[field] ?? '').replace(/^provider:/, '')}`} />
}

function Mark({ sign, word }: { sign: string; word: string }) {
  return (
    <span className="field-mark" title={word}>
      <span aria-hidden="true">{sign}</span>
      <span className="visually-hidden">, {word}</span>
    </span>
  )
}
