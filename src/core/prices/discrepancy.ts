/** Where the catalogue and price books disagree. Pure. */
import { Type, type Static } from 'typebox'
import { AgainstSchema, type Doubt } from '../model/doubt.js'
import { Big } from '../model/big.js'
import { NextCursorSchema } from '../schema/page.js'
import { Nullable } from '../schema/nullable.js'
import { percentApart } from './book-doubts.js'

const DiscrepancySchema = Type.Object({
  /** Public id. */
  modelId: Type.String(),
  field: Type.String(),
  upstream: Type.Unsafe<string | number>({ description: 'USD per token, decimal; tokens; or a date' }),
  book: Type.Unsafe<string | number>({ description: 'the same of the first book that says something else' }),
  /** Where the book says 0, in percent of upstream's. Two decimals; `null` for dates. */
  percent: Nullable(
    Type.Number({ description: 'how far upstream is from the book, in percent of the book’s value; null: a date' }),
  ),
  cause: Type.Unsafe<Doubt['reason']>(
    Type.String({
      description: 'the likely one: unit (10, 100, 1,000 or 1,000,000 times), stale-book, regional-price, disagreement',
    }),
  ),
  against: Type.Array(AgainstSchema),
})
export type Discrepancy = Static<typeof DiscrepancySchema>

export const DiscrepanciesPageSchema = Type.Object({
  discrepancies: Type.Array(DiscrepancySchema),
  nextCursor: NextCursorSchema,
})
export type DiscrepanciesPage = Static<typeof DiscrepanciesPageSchema>

/** The doubts of a model that books raise. Throws nothing. */
export function discrepanciesOf(modelId: string, doubts: readonly Doubt[]): Discrepancy[] {
  return doubts.flatMap(({ field, value: upstream, against, reason: cause }) => {
    const [first] = against
    if (first === undefined) return []
    const percent = percentApart(upstream, first.value)?.round(2, Big.roundHalfUp).toNumber() ?? null
    return [{ modelId, field, upstream, book: first.value, percent, cause, against }]
  })
}
