/** Where upstream and the price book disagree. Pure. */
import { Big } from '../model/big.js'
import { PRICE_FIELDS, type Facts } from './fill-unknown.js'

export interface Discrepancy {
  /** Public id. */
  modelId: string
  field: string
  /** USD per token, decimal string; or tokens. */
  upstream: string | number
  book: string | number
  /** How far upstream is from the book: in percent of the book's value, or of upstream's where the book says 0. Two decimals. */
  percent: number
}

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
