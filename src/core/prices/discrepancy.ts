/** Where upstream and the price book disagree. Pure. */
import { Type, type Static } from 'typebox'
import { NextCursorSchema } from '../schema/page.js'
import { Big } from '../model/big.js'
import { PRICE_FIELDS, type Facts } from './facts.js'

const DiscrepancySchema = Type.Object({
  /** Public id. */
  modelId: Type.String(),
  field: Type.String(),
  upstream: Type.Unsafe<string | number>({ description: 'USD per token, decimal; or tokens' }),
  book: Type.Unsafe<string | number>({ description: 'the same of the price book' }),
  /** Where the book says 0, in percent of upstream's. Two decimals. */
  percent: Type.Number({ description: 'how far upstream is from the book, in percent of the book’s value' }),
})
export type Discrepancy = Static<typeof DiscrepancySchema>

export const DiscrepanciesPageSchema = Type.Object({
  discrepancies: Type.Array(DiscrepancySchema),
  nextCursor: NextCursorSchema,
})
export type DiscrepanciesPage = Static<typeof DiscrepanciesPageSchema>

/** A smaller difference is rounding. */
const MIN_PERCENT = 1

/** The values that both know and that are more than 1 % apart. `upstream` without what was set by hand or filled. Throws nothing. */
export function findDiscrepancies(modelId: string, upstream: Facts, book: Facts): Discrepancy[] {
  return ([...PRICE_FIELDS, 'contextLength'] as const).flatMap((field) => {
    const [ours, theirs] = [upstream[field] ?? null, book[field] ?? null]
    if (ours === null || theirs === null) return []
    const percent = percentApart(ours, theirs)
    return percent.gt(MIN_PERCENT)
      ? [{ modelId, field, upstream: ours, book: theirs, percent: percent.round(2, Big.roundHalfUp).toNumber() }]
      : []
  })
}

function percentApart(upstream: string | number, book: string | number): Big {
  const [ours, theirs] = [new Big(upstream), new Big(book)]
  const base = theirs.eq(0) ? ours : theirs
  return base.eq(0) ? new Big(0) : ours.minus(theirs).abs().times(100).div(base)
}
