/** A provider on loopback, made from its fixture, and one reading of it as the engine does it. */
import { createHash } from 'node:crypto'
import { ListingCollector } from '../../src/services/sync/collect-listing.js'
import type { Collected } from '../../src/services/sync/collected.js'
import type { FetchOptions } from '../../src/upstream/read-source.js'
import type { Listing } from '../../src/sources/kit/source.js'
import { loopback, type Loopback } from '../support/loopback.js'
import { read, type Reading } from '../upstream/reading.js'
import { TEST_KEY, type FixtureAnswer, type FixtureRequest, type SourceFixture } from './source-fixture.js'

/** What to answer in place of the fixture; `null`: as the fixture does. `count` counts the requests from 1. */
export type Override = (count: number, request: FixtureRequest) => (FixtureAnswer & { retryAfter?: string }) | null

/** Serves a fixture: keys are checked here, and a request with the last ETag gets 304. */
export function serve(
  t: { teardown(end: () => Promise<void>): void },
  fixture: SourceFixture,
  override: Override = () => null,
): Promise<Loopback> {
  return loopback(t, (incoming, response, count) => {
    const url = new URL(incoming.url ?? '/', 'http://loopback')
    const { method = '', headers } = incoming
    const request: FixtureRequest = { method, path: url.pathname, query: url.searchParams, headers }
    const { body, ...answer } =
      override(count, request) ?? (isAuthorized(fixture, request) ? fixture.answer(request) : UNAUTHORIZED)
    const status = answer.status ?? 200
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`
    if (status === 200 && headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
    const retryAfter = 'retryAfter' in answer ? { 'retry-after': answer.retryAfter as string } : {}
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 200 ? { etag } : {}),
      ...retryAfter,
    })
    response.end(text)
  })
}

const UNAUTHORIZED: FixtureAnswer = { status: 401, body: { error: { message: 'invalid or missing API key' } } }

function isAuthorized({ authorized, keyless = false }: SourceFixture, request: FixtureRequest): boolean {
  if (authorized !== undefined) return authorized(request)
  const sent = request.headers.authorization
  return sent === `Bearer ${TEST_KEY}` || (keyless && sent === undefined)
}

export interface SourceReading extends Reading {
  collected: Collected
  /** The ids that are synced when nobody has chosen modes. */
  synced: string[]
  entries: { listing: Listing; entry: unknown }[]
}

/** Reads and collects once; never throws. */
export async function readFixture(
  { source, key = TEST_KEY, settings = {} }: SourceFixture,
  address: string,
  more: Partial<FetchOptions> = {},
): Promise<SourceReading> {
  // What `parse` makes of each entry, whatever modes are synced by default.
  const collector = new ListingCollector({ ...source, modes: undefined })
  const byDefault = new ListingCollector(source)
  const entries: SourceReading['entries'] = []
  const reading = await read(source, address, {
    apiKey: key,
    settings,
    onPage: async (listing, page) => {
      for (const entry of page) entries.push({ listing, entry })
      await collector.add(listing, page)
      await byDefault.add(listing, page)
    },
    ...more,
  })
  const resolved = (of: ListingCollector): Promise<Collected> =>
    of.resolve(() => false, { excludes: () => false, modes: null })
  const synced = [...(await resolved(byDefault)).desired.keys()].sort()
  return { ...reading, collected: await resolved(collector), synced, entries }
}

/** The entries of a recorded answer; none where it is not of this listing. */
export function entriesIn(listing: Listing, body: unknown): readonly unknown[] {
  try {
    const entries = listing.entries(body)
    return entries.some((entry) => listing.identify(entry) !== null) ? entries : []
  } catch {
    return []
  }
}
