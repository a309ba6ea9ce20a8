/** What a provider's fixture is: the server in its API's true shape, and what must be understood of it. */
import type { IncomingHttpHeaders } from 'node:http'
import type { DesiredFields } from '../../src/core/model/model-fields.js'
import type { Source } from '../../src/sources/kit/source.js'

/** The key that the contract test gives to each source; servers accept no other. */
export const TEST_KEY = 'test-key-5f2c9e81'

export interface FixtureRequest {
  method: string
  /** Without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
}

export interface FixtureAnswer {
  /** Default 200. */
  status?: number
  /** Sent as JSON; a string as it is. */
  body: unknown
}

/** `fixtures/<slug>.ts` exports one as its default. */
export interface SourceFixture {
  source: Source
  /** What the test gives to the source; default {@link TEST_KEY}. */
  key?: string
  /** One that the server does not accept; default a made-up text. */
  wrongKey?: string
  /** Values of the source's `key.settings`. */
  settings?: Record<string, string>
  /** Whether it is read without a key: public, or a server of the operator's own. */
  keyless?: boolean
  /**
   * What the server makes of a request's key; the test answers 401 otherwise. Default: `Authorization: Bearer <TEST_KEY>`, and where it is
   * {@link keyless} no such header at all.
   */
  authorized?(request: FixtureRequest): boolean
  /** The API in its true shape, every page; an address that it does not have is a 404, a parameter that is missing or wrong a 400. */
  answer(request: FixtureRequest): FixtureAnswer
  /** Requests of a complete listing; default 1. */
  requests?: number
  /** Every model by its id verbatim, with the fields that must come out (others may come too). After cleaning: sets sorted, prices canonical. */
  models: Record<string, DesiredFields>
  /** Those of the models that are synced when nobody has chosen modes; only for a source that has `modes`. */
  syncedByDefault?: string[]
  /** Entries that `parse` filters; default 0. */
  filtered?: number
  /** Entries that are rejected; default 0. */
  rejected?: number
  /** One for each warning, in whatever order; default none. */
  warnings?: RegExp[]
  /** The last request belongs to a listing that the source can do without: that it fails leaves the listing complete, with a warning. */
  lastIsOptional?: true
}

/** An address that the API does not have. */
export const NOT_FOUND: FixtureAnswer = { status: 404, body: { error: { message: 'Not Found' } } }

/** An API with one address, without pages. */
export function answerAt(path: string, body: unknown): SourceFixture['answer'] {
  return (request) => (request.path === path ? { body } : NOT_FOUND)
}
