/** Problem: what went wrong with a provider or with a run, as a code with its facts. Whatever is decided is decided by these; the message is for people. */

/** What each code knows. Codes without facts say all that there is. */
export interface ProblemFacts {
  /** An HTTP status of 400 and above. */
  'upstream-status': { status: number }
  /** The proxy runs, and its list of models is not loaded, or empty. */
  'upstream-without-models': { status: number }
  /** `host`: the name cannot be resolved; `connection`: nothing listens there; `network`: no way leads there, or no answer comes back. */
  'upstream-unreachable': { missing: 'host' | 'connection' | 'network' }
  'upstream-timeout': NoFacts
  /** `wants`: whose certificate does not do. */
  'upstream-tls': { wants: 'ours' | 'theirs' }
  'upstream-proxy': NoFacts
  /** The connection ended before the answer did. */
  'upstream-broken-off': NoFacts
  /** To another origin, where nothing is sent; or nowhere. */
  'upstream-redirect': { anotherOrigin: boolean }
  /** What answers is no HTTP server, or the request cannot be put into HTTP. */
  'upstream-protocol': { answered: boolean }
  /** No proof of who asks could be had. */
  'upstream-authorization': NoFacts
  'upstream-failed': NoFacts
  /** `truncated`: it ends too early; `other`: it is JSON of another API, or no JSON; `shape`: JSON, but not what is documented. */
  'malformed-answer': { found: 'empty' | 'html' | 'truncated' | 'other' | 'shape' }
  'malformed-entries': { rejected: number; entries: number; maxPercent: number }
  /** `cause`: why a part is missing; `null`: upstream says so itself. */
  'incomplete-listing': { cause: Cause | null }
  'body-too-large': NoFacts
  'too-many-values': NoFacts
  'too-many-entries': NoFacts
  'entry-too-large': NoFacts
  'listing-too-large': NoFacts
  'repeated-page': NoFacts
  'too-many-pages': NoFacts
  /** Held for a person: the numbers of changes. */
  'empty-answer': HeldFacts
  'mass-removal': HeldFacts
  'price-jump': HeldFacts
  undone: HeldFacts
  /** Held by an earlier sync, and why is not known any more. */
  held: NoFacts
  /** `by`: who ended the run. */
  cancelled: { by: 'person' | 'closing' }
  'run-too-long': { maxRunMs: number }
  /** The process that ran it ended first. */
  'run-died': NoFacts
  /** `sqlState`: PostgreSQL's code; `null`: there is none, as when the connection fails. `step`: of the run as a whole. */
  database: { sqlState: string | null; step: 'start' | 'apply' | 'record' }
  /** The host's own hook refused, or took too long. */
  'on-apply': { tookTooLong: boolean }
  /** The models changed while the plan was carried out. */
  moved: NoFacts
  /** A mistake in this program or in a host's source; the log has its stack. */
  internal: NoFacts
  'no-key': { variables: readonly string[] }
  'no-address': { variable: string }
  'not-due': { until: string | null }
  unusable: NoFacts
}

type NoFacts = Record<string, never>

export interface HeldFacts {
  reasons: readonly string[]
  /** Models. */
  removals: number
  /** Prices. */
  jumps: number
  /** Changes that were taken back and would come again. */
  undone: number
}

export type ProblemCode = keyof ProblemFacts

export type Cause = { [Code in ProblemCode]: { code: Code; facts: ProblemFacts[Code] } }[ProblemCode]

/** `message`: one line, without the provider's slug, without secrets. */
export type Problem = Cause & { message: string }

/** A {@link Problem} in a result. `provider` `null`: of the run as a whole. */
export type ToldProblem = Problem & { provider: string | null }

const causes = new WeakMap<Error, Cause>()

/** Lets an error say why in the one way that everything decides by. */
export function because<Thrown extends Error>(error: Thrown, cause: Cause): Thrown {
  causes.set(error, cause)
  return error
}

/** What {@link because} was told; `null`: nothing. */
export function causeOf(error: Error): Cause | null {
  return causes.get(error) ?? null
}
