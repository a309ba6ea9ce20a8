/** A source that tells how far it has been read. */
import type { Listing, Source } from '../../sources/kit/source.js'

export interface ReadingObserver {
  read(slug: string, entries: number): void
  finished(slug: string): void
}

/** The same source for whoever reads it; of an answer that is the one applied last nothing is read, so nothing is told. */
export function observeSource(source: Source, hasKey: boolean, observer: ReadingObserver): Source {
  // Of a listing that may be missing there may be nothing to read, and so no end.
  const sure = source.listings.filter(
    ({ needsKey, optional }) => (needsKey !== true || hasKey) && optional === undefined,
  )
  const last = sure.at(-1)
  const observe = (listing: Listing): Listing => {
    const { next } = listing
    const finishes = listing === last
    return {
      ...listing,
      entries: (body, page) => {
        const entries = listing.entries(body, page)
        observer.read(source.slug, entries.length)
        if (finishes && next === undefined) observer.finished(source.slug)
        return entries
      },
      ...(next === undefined
        ? {}
        : {
            next: (body: unknown, page: number) => {
              const following = next.call(listing, body, page)
              if (finishes && following === null) observer.finished(source.slug)
              return following
            },
          }),
    }
  }
  return { ...source, listings: source.listings.map(observe) }
}
