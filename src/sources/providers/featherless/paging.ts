/** How Featherless pages: by number, with a count that is higher than what can be reached. */
import { countOf, isRecord, membersOf } from '../../kit/entry.js'
import { belowTotal } from '../../kit/paging.js'
import type { Listing } from '../../kit/source.js'

const belowCount = belowTotal('pagination.total_items', 'total')

/**
 * Without paging parameters the answer is silently cut. Far behind (some 22,000 entries) pages come back empty although upstream counts more;
 * such a listing is incomplete.
 */
export const featherlessPaging: Required<Pick<Listing, 'next' | 'missing'>> = {
  next(body, page) {
    const { data, pagination } = membersOf(body)
    const pages = countOf(membersOf(pagination)['total_pages']) ?? 0
    return page < pages && Array.isArray(data) && data.length > 0 ? { query: { page: String(page + 1) } } : null
  },
  missing(body, given) {
    const { pagination, total } = membersOf(body)
    if (!isRecord(pagination) && typeof total !== 'number')
      return 'it does not count its models, as only a part of them does'
    return belowCount(body, given)
  },
}
