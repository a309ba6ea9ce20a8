/** Problem: what went wrong with a provider or with a run, as a code with its facts. Whatever is decided is decided by these; the message is for people. */

/** What each code knows: all that its sentence says. What an older version has stored may lack members that have come since. */
export interface ProblemFacts {
  /** The provider refused the request: an HTTP status of 400 or above. */
  'upstream-status': RefusedFacts
  /** The proxy runs, but its list of models is empty or not loaded. */
  'upstream-without-models': RefusedFacts
  /** The provider cannot be reached. `missing` says why: the `host` cannot be resolved, no `connection` is accepted, or there is no `network` to it. */
  'upstream-unreachable': RequestFacts & { missing: 'host' | 'connection' | 'network'; host: string; errno: string }
  /** The answer did not come in time. */
  'upstream-timeout': RequestFacts & TimeoutFacts
  /** TLS failed. `wants` says whose certificate is not accepted. */
  'upstream-tls': RequestFacts & { wants: 'ours' | 'theirs' } & (
      | { host: string; errno: string; alert: 'wanted' | 'handshake' | 'not-taken' | null }
      | { status: number; through: string | null }
    )
  /** The forward proxy failed. */
  'upstream-proxy': RequestFacts & { failure: ProxyFailure }
  /** The connection ended before the answer did. */
  'upstream-broken-off': RequestFacts & { host: string; errno: string }
  /** A redirect to another origin, where nothing is sent, or to nowhere. */
  'upstream-redirect': RequestFacts & { anotherOrigin: boolean } & RedirectFacts
  /** The other side does not speak HTTP, or the request cannot be put into HTTP. */
  'upstream-protocol': RequestFacts &
    (
      | { answered: true; found: 'long-headers'; maxBytes: number }
      | { answered: true; found: 'no-http'; host: string; errno: string }
      | { answered: false }
    )
  /** The credential could not be turned into a token or a signature. */
  'upstream-authorization': { provider: string; said: string | null; remedy?: Remedy | null }
  /** The request failed for another reason. */
  'upstream-failed': RequestFacts
  /** The answer is not what the API documents. `truncated`: it ends too early; `other`: other JSON, or no JSON; `shape`: JSON of another shape. */
  'malformed-answer': Partial<RequestFacts> & MalformedFacts
  /** Too many entries are malformed. `first` says what is wrong with the first of them. */
  'malformed-entries': { rejected: number; entries: number; maxPercent: number; first: string }
  /** A part of the list is missing. `cause` says why; `null`: the provider says so itself. */
  'incomplete-listing': { cause: Cause } | ({ cause: null; missing: string } & RequestFacts)
  /** One answer is larger than `maxBodyBytes`. */
  'body-too-large': RequestFacts & { maxBytes: number }
  /** One answer has more values than `maxValues`. */
  'too-many-values': RequestFacts & { most: number }
  /** The list has more entries than `maxEntries`. */
  'too-many-entries': RequestFacts & { most: number }
  /** One entry is too large. */
  'entry-too-large': RequestFacts & { maxBytes: number }
  /** All pages together are larger than `maxListingBytes`. */
  'listing-too-large': RequestFacts & { maxBytes: number }
  /** The entries of an answer are too large to keep, even compressed. */
  'entries-too-large': { maxBytes: number }
  /** The ids of an answer have too many characters. */
  'ids-too-large': { most: number }
  /** A page came twice. `like`: it equals an earlier page, or leads back to one. */
  'repeated-page': RequestFacts & { page: number; like: 'equal' | 'leads-back' }
  /** The list has more pages than `maxPages`. */
  'too-many-pages': RequestFacts & { most: number }
  /** Held: the list is empty, so every model would become unavailable. */
  'empty-answer': HeldFacts
  /** Held: too many models would become unavailable at once. */
  'mass-removal': HeldFacts
  /** Held: a price changes by `maxPriceFactor` or more. */
  'price-jump': HeldFacts
  /** Held: the change was undone before. */
  undone: HeldFacts
  /** Held by an earlier sync; the reason is not known any more. */
  held: NoFacts
  /** The run was cancelled. `by`: a person, or the closing of the server. */
  cancelled: EndedFacts & {
    by: 'person' | 'closing'
    said?: string | undefined
    before?: 'plan' | 'provider'
    reading?: string
  }
  /** The run took longer than `maxRunMinutes`. */
  'run-too-long': EndedFacts & { maxRunMs: number }
  /** The process that ran the sync ended first. */
  'run-died': { replica: string | null }
  /** Another replica took the run over, or may have, because this one did not renew its lease in time. */
  'lease-lost': NoFacts
  /** The database refused or did not answer. `sqlState` is PostgreSQL's code; `null`: there is none, as when the connection fails. */
  database: { sqlState: string | null; step: 'start' | 'apply' | 'record'; said: string; refused?: boolean }
  /** The host's hook `onApply` refused, or took too long. */
  'on-apply': { tookTooLong: false; said: string } | { tookTooLong: true; maxMs: number }
  /** The models changed while the plan was carried out. */
  moved: { during: 'sync' | 'undo' }
  /** A mistake in this program or in a host's source. The log has its stack. */
  internal: { said: string }
  /** The provider has no key. */
  'no-key': { variables: readonly string[] }
  /** The provider has no address. */
  'no-address': { variable: string }
  /** An automatic sync did not ask the provider yet. `reason` says why it is asked less often; `null`: it failed several times in a row. */
  'not-due': { until: string | null; reason: string | null; failures: number }
  /** The provider's settings cannot be used. */
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
