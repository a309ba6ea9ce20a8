/** Paging that several upstreams share: by a token for the next page, and what a total says that does not fit. */
import { isRecord, membersOf, textOf } from './entry.js'
import { entriesIn, entriesWhereGiven } from './listing.js'
import type { Listing } from './source.js'

/** A listing's `next` where `member` holds what `parameter` must be on the next page; absent, `null` or empty at the end. */
export function pageToken(member: string, parameter: string): NonNullable<Listing['next']> {
  return (body) => {
    const token = textOf(membersOf(body)[member])
    return token === null ? null : { query: { [parameter]: token } }
  }
}

/** A listing's `entries` where an empty page after the first may lack its list: on the first page that would be another API. */
export function entriesOfPages(place: string): Listing['entries'] {
  const first = entriesIn(place)
  const later = entriesWhereGiven(place)
  return (body, page = 1) => (page > 1 ? later(body) : first(body))
}

/** A listing's `missing` where a member of the body, at `place`, counts all its models: `pagination.total_items`. */
export function belowTotal(...places: string[]): NonNullable<Listing['missing']> {
  return (body, given) => {
    const total = places.map((place) => memberAt(body, place)).find((count) => typeof count === 'number')
    return typeof total === 'number' && total > given ? `it counts ${total} models and gave ${given}` : null
  }
}

function memberAt(body: unknown, place: string): unknown {
  return place.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body)
}
