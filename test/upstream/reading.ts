/** Sources and options for the tests of fetching. */
import type { Listing, Source } from '../../src/sources/kit/source.js'
import { bearer } from '../../src/sources/kit/source.js'
import { describeProblem } from '../../src/core/records/problem-text.js'
import type { FetchOutcome } from '../../src/upstream/fetch-outcome.js'
import { fetchSource, type FetchOptions } from '../../src/upstream/read-source.js'
import { createHttpClient } from '../../src/upstream/http-client.js'
import { MalformedAnswerError } from '../../src/errors.js'

export const KEY = 'sk-tEsT-4f9Q~zzyx/Wv+81LmNop'

export function listing(path: string, more: Partial<Listing> = {}): Listing {
  return {
    path,
    entries(body) {
      const data = (body as { data?: unknown } | null)?.data
      if (!Array.isArray(data)) throw new MalformedAnswerError('expected an object with a list `data`')
      return data
    },
    identify: (entry) => String(entry),
    parse: () => ({ kind: 'filtered', reason: 'test' }),
    ...more,
  }
}

export function source(...listings: Listing[]): Source {
  return {
    slug: 'test',
    name: 'Test',
    description: 'A source of the tests',
    homepage: 'https://example.com',
    version: 1,
    baseUrl: null,
    key: { variables: [], required: false, headers: bearer },
    listings,
  }
}

export interface Reading {
  /** `problem`: its cause in words. */
  outcome: (FetchOutcome & { problem: string | null }) | null
  error: (Error & { code?: string }) | null
  /** `[path, entries]` of each page. */
  pages: [string, readonly unknown[]][]
  /** What `wait` was asked for, ms. */
  waits: number[]
}

/** Reads once with a client of its own, closed afterwards; never throws. */
export async function read(what: Source, address: string, more: Partial<FetchOptions> = {}): Promise<Reading> {
  const client = createHttpClient({ timeoutMs: more.timeoutMs ?? 2000 })
  const pages: Reading['pages'] = []
  const waits: number[] = []
  const options: FetchOptions = {
    address,
    apiKey: KEY,
    client,
    previous: null,
    timeoutMs: 2000,
    userAgent: 'fastify-model-sync/test',
    signal: new AbortController().signal,
    wait: (ms) => {
      waits.push(ms)
      return Promise.resolve()
    },
    random: () => 0.5,
    now: () => Date.parse('2026-11-21T10:00:00Z'),
    onPage: ({ path }, entries) => void pages.push([path, [...entries]]),
    ...more,
  }
  try {
    const outcome = await fetchSource(what, options)
    const problem = outcome.cause === null ? null : describeProblem(outcome.cause)
    return { outcome: { ...outcome, problem }, error: null, pages, waits }
  } catch (error) {
    return { outcome: null, error: error as Error, pages, waits }
  } finally {
    await client.close()
  }
}
