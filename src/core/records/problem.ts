/** Problem: what went wrong with a provider or with a run, as a code with its facts. Whatever is decided is decided by these; the message is for people. */

/** What each code knows: all that its sentence says. What an older version has stored may lack members that have come since. */
export interface ProblemFacts {
  /** An HTTP status of 400 and above. */
  'upstream-status': RefusedFacts
  /** The proxy runs, and its list of models is not loaded, or empty. */
  'upstream-without-models': RefusedFacts
  /** `host`: the name cannot be resolved; `connection`: nothing listens there; `network`: no way leads there, or no answer comes back. */
  'upstream-unreachable': RequestFacts & { missing: 'host' | 'connection' | 'network'; host: string; errno: string }
  'upstream-timeout': RequestFacts & TimeoutFacts
  /** `wants`: whose certificate does not do. */
  'upstream-tls': RequestFacts & { wants: 'ours' | 'theirs' } & (
      | { host: string; errno: string; alert: 'wanted' | 'handshake' | 'not-taken' | null }
      | { status: number; through: string | null }
    )
  'upstream-proxy': RequestFacts & { failure: ProxyFailure }
  /** The connection ended before the answer did. */
  'upstream-broken-off': RequestFacts & { host: string; errno: string }
  /** To another origin, where nothing is sent; or nowhere. */
  'upstream-redirect': RequestFacts & { anotherOrigin: boolean } & RedirectFacts
  /** What answers is no HTTP server, or the request cannot be put into HTTP. */
  'upstream-protocol': RequestFacts &
    (
      | { answered: true; found: 'long-headers'; maxBytes: number }
      | { answered: true; found: 'no-http'; host: string; errno: string }
      | { answered: false }
    )
  /** No proof of who asks could be had. */
  'upstream-authorization': { provider: string; said: string | null; remedy?: Remedy | null }
  'upstream-failed': RequestFacts
  /** `truncated`: it ends too early; `other`: it is JSON of another API, or no JSON; `shape`: JSON, but not what is documented. */
  'malformed-answer': Partial<RequestFacts> & MalformedFacts
  /** `first`: what is wrong with the first of them. */
  'malformed-entries': { rejected: number; entries: number; maxPercent: number; first: string }
  /** `cause`: why a part is missing; `null`: upstream says so itself. */
  'incomplete-listing': { cause: Cause } | ({ cause: null; missing: string } & RequestFacts)
  'body-too-large': RequestFacts & { maxBytes: number }
  'too-many-values': RequestFacts & { most: number }
  'too-many-entries': RequestFacts & { most: number }
  'entry-too-large': RequestFacts & { maxBytes: number }
  'listing-too-large': RequestFacts & { maxBytes: number }
  /** All entries of an answer, compressed. */
  'entries-too-large': { maxBytes: number }
  /** Characters of all ids of an answer. */
  'ids-too-large': { most: number }
  /** `like`: it equals an earlier page, or leads to one. */
  'repeated-page': RequestFacts & { page: number; like: 'equal' | 'leads-back' }
  'too-many-pages': RequestFacts & { most: number }
  /** Held for a person: the numbers of changes. */
  'empty-answer': HeldFacts
  'mass-removal': HeldFacts
  'price-jump': HeldFacts
  undone: HeldFacts
  /** Held by an earlier sync, and why is not known any more. */
  held: NoFacts
  /** `by`: who ended the run; `said`: in the words of whoever did. `before`: what was not done any more. */
  cancelled: EndedFacts & {
    by: 'person' | 'closing'
    said?: string | undefined
    before?: 'plan' | 'provider'
    reading?: string
  }
  'run-too-long': EndedFacts & { maxRunMs: number }
  /** The process that ran it ended first. */
  'run-died': { replica: string | null }
  /** Another replica has taken the run over, or may have, since this one did not renew its lease in time. */
  'lease-lost': NoFacts
  /** `sqlState`: PostgreSQL's code; `null`: there is none, as when the connection fails. `step`: of the run as a whole. `refused`: the words are the database's own. */
  database: { sqlState: string | null; step: 'start' | 'apply' | 'record'; said: string; refused?: boolean }
  /** The host's own hook refused, or took too long. */
  'on-apply': { tookTooLong: false; said: string } | { tookTooLong: true; maxMs: number }
  /** The models changed while the plan was carried out. */
  moved: { during: 'sync' | 'undo' }
  /** A mistake in this program or in a host's source; the log has its stack. */
  internal: { said: string }
  'no-key': { variables: readonly string[] }
  'no-address': { variable: string }
  /** `reason`: why it is asked less often than the others; `null`: since it failed so many times in a row. */
  'not-due': { until: string | null; reason: string | null; failures: number }
  unusable: { said: string }
}

type NoFacts = Record<string, never>

type RequestFacts = {
  /** `GET /model/info`, without its query. */
  request: string
  /** When it was tried more than once. */
  attempts?: number
  remedy?: Remedy | null
}

/** `through`: the forward proxy. `said`: upstream's own short message. `page`: HTML came instead of one. */
type RefusedFacts = RequestFacts & {
  status: number
  through: string | null
  said: string | null
  page: boolean
}

/** `body`: a pause in it; `pace`: it comes too slowly; `whole`: the answer is not there in time. */
type TimeoutFacts =
  | { waitedFor: 'headers'; ms: number; host: string }
  | { waitedFor: 'body' | 'whole' | 'authorization'; ms: number }
  | { waitedFor: 'pace'; ms: number; bytesPerSecond: number }

export type ProxyFailure = { proxy: string } & ({ errno: string } | { status: number; target: string })

type RedirectFacts =
  | { how: 'no-json' | 'no-location'; status: number; through: string | null }
  | { how: 'too-often'; most: number }
  | { how: 'scheme' | 'origin'; to: string }
  | { how: 'next-page' }

type MalformedFacts =
  | { found: 'empty'; blank: boolean }
  | { found: 'html' }
  | { found: 'truncated'; characters: number }
  | { found: 'other'; position: number | null; characters: number }
  | { found: 'other'; encoding: string; known: string }
  | { found: 'other'; decoding: string }
  | { found: 'shape'; expected: Expected }

/** What an answer should have been. `said`: in the words of a host's own source. */
export type Expected =
  | { list: readonly string[]; got: Shape }
  | { api: string; variable: string; got: Shape }
  | { lists: readonly string[] }
  | { page: number; got: number }
  | { nextAddress: true }
  | { said: string }

/** `members`: names of the first, of an object. */
export interface Shape {
  is: 'list' | 'null' | 'object' | 'string' | 'number' | 'boolean' | 'undefined'
  members: readonly string[]
}

/** What can help, and what sets it. */
export type Remedy =
  | { with: 'key'; variables: readonly string[]; isSet: boolean }
  | { with: 'address' | 'running' | 'name' | 'network' | 'scheme' | 'origin'; variable: string }
  | { with: 'certificate'; provider: string }
  | { with: 'time' | 'more'; option: string }

/** `step`: the run had not begun; it still waited for a hook of the host. */
type EndedFacts = {
  step?: 'start' | 'hook'
}

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
