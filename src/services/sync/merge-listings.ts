/** One model out of the entries that bear its id, in whatever listings of its source. */
import type { DesiredFields } from '../../core/model/model-fields.js'
import { fillFields } from '../../sources/kit/fill-fields.js'
import { fullerRow } from '../../sources/kit/fuller-row.js'
import type { Listing, Source } from '../../sources/kit/source.js'
import { mergeInSteps } from '../merge-entries.js'

/**
 * Of the rows of one listing one is taken whole, and of several listings the earlier has the word, unless the source has a rule of its own. Throws
 * nothing.
 * @param entries at least one
 */
export function* mergeListings(
  { merge, listings }: Pick<Source, 'merge' | 'listings'>,
  entries: readonly { listing: Listing; fields: DesiredFields }[],
): Generator<undefined, DesiredFields> {
  const rows = new Map<Listing, DesiredFields[]>()
  for (const { listing, fields } of entries) {
    const known = rows.get(listing)
    if (known === undefined) rows.set(listing, [fields])
    else known.push(fields)
  }
  const place = ({ path }: Listing): number => listings.findIndex((listing) => listing.path === path)
  const models: DesiredFields[] = []
  for (const [listing, own] of [...rows].sort(([a], [b]) => place(a) - place(b)))
    models.push(yield* mergeInSteps(own, listing.merge ?? merge ?? fullerRow))
  return yield* mergeInSteps(models, merge ?? fillFields)
}
