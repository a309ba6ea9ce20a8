/** FetchProblem: why an address gave no usable answer, from where it is found to where it is judged. */
import type { Cause, ProblemCode, ProblemFacts } from '../core/records/problem.js'
import { failure } from '../errors.js'

/**
 * What kind of failure: an HTTP status of 400 and above; the network, a timeout, a status that is no answer; a body that is not what the
 * documentation says; a limit of ours, which fails the whole provider.
 */
type FetchProblemKind = 'refused' | 'failed' | 'malformed' | 'limit'

const LIMITS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'body-too-large',
  'too-many-values',
  'too-many-entries',
  'entry-too-large',
  'listing-too-large',
  'entries-too-large',
  'ids-too-large',
  'repeated-page',
  'too-many-pages',
])

export class FetchProblem extends Error {
  /** Of a refusal; else `null`. */
  readonly status: number | null
  readonly kind: FetchProblemKind

  /** @param retryAfter the header, verbatim */
  constructor(
    readonly reason: Cause,
    readonly retryAfter: string | null = null,
  ) {
    super(reason.code)
    this.status = statusOf(reason)
    this.kind = this.status === null ? kindOf(reason) : 'refused'
  }

  /** Another attempt may go well. */
  get transient(): boolean {
    const { code, facts } = this.reason
    if (code === 'upstream-unreachable' || code === 'upstream-broken-off') return true
    if (code === 'upstream-proxy') return !('status' in facts.failure) || mayPass(facts.failure.status)
    return (
      (code === 'upstream-status' || code === 'upstream-without-models') &&
      (facts.status === 429 || mayPass(facts.status))
    )
  }

  /** The same, with more facts. */
  with(more: { attempts: number }): FetchProblem {
    return new FetchProblem({ ...this.reason, facts: { ...this.reason.facts, ...more } } as Cause, this.retryAfter)
  }
}

/** 501 says that it will not. */
function mayPass(status: number): boolean {
  return status >= 500 && status !== 501
}

function statusOf({ code, facts }: Cause): number | null {
  if (code === 'upstream-authorization') return 401
  return 'status' in facts && facts.status >= 400 ? facts.status : null
}

function kindOf({ code }: Cause): FetchProblemKind {
  if (code === 'malformed-answer') return 'malformed'
  return LIMITS.has(code) ? 'limit' : 'failed'
}

/** The body is not what it should be. */
export function malformed(facts: ProblemFacts['malformed-answer']): FetchProblem {
  return new FetchProblem({ code: 'malformed-answer', facts })
}

/** @throws CancelledError when the signal is aborted */
export function throwIfCancelled(signal: AbortSignal, slug: string): void {
  if (signal.aborted) throw failure({ code: 'cancelled', facts: { by: 'person', reading: slug } })
}

/** `GET /model/info`: never the query, which may carry anything, nor the host, which may carry a user. At most 200 characters. */
export function labelOf(url: URL, method: 'GET' | 'POST' = 'GET'): string {
  const path = url.pathname
  return `${method} ${path.length > 200 ? `${path.slice(0, 199)}…` : path}`
}
