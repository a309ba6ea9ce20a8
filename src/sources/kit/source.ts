/** What a source is: a literal that describes one provider's API, with pure functions that read its entries. */
import type { ModeChoice } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { MemberList } from './members.js'

/** One entry as a listing states it. `fields` holds only what this listing can speak of; a value that upstream does not state is `null` or `[]`. */
export type Parsed =
  | { kind: 'model'; fields: DesiredFields; warnings?: string[] }
  /** Malformed: counted with its reason; more than 20 % of an answer fail the provider. */
  | { kind: 'rejected'; reason: string }
  /**
   * Not a model of ours (a wildcard, another mode): counted, never "missing". With `withdrawn`, one that upstream still lists but says itself that it
   * does not serve (archived, inactive, deleted): counted too, and a model that we had of it is missing.
   */
  | { kind: 'filtered'; reason: string; withdrawn?: true }

/** A listing that upstream did not serve (an HTTP status of 400 and above, after the retries). */
export interface Refusal {
  status: number
  /** Of the entries that the source's other listings have given so far; `null`: an entry without an id. */
  ids: readonly (string | null)[]
}

/** How a source does without a listing. */
export interface Without {
  /** `null`: upstream has no such listing, which is the same as an empty one and nobody's mistake. */
  warning: string | null
  complete: boolean
}

/** Where the next page is: query parameters to set on the listing's address, or a whole URL that upstream gave (same origin, else the listing fails). */
export type NextPage = { query: Record<string, string> } | { url: string }

/** What a list leaves out of an entry, and a request of its own (a POST) tells. */
export interface EntryDetails {
  /** Below the source's address: `/api/show`. */
  readonly path: string
  /** Requests of one reading; what is left waits for the next one. */
  readonly most: number
  /** What to post, and under which key the answer holds for good; `null`: the entry says it all. Throws nothing. */
  ask(entry: unknown): { key: string; body: Readonly<Record<string, unknown>> } | null
  /** What is wanted of the answer, which is remembered. Throws nothing. */
  pick(answer: unknown): unknown
  /** The member of the entry under which what was picked is put: none of upstream's own. */
  readonly member: string
  /** What it means for the reader of a warning that some were not told: `their contexts keep their last values`. */
  readonly otherwise: string
}

/** Said of every entry of a listing, it says something of the key that asked. */
export interface CommonWord {
  /** Throws nothing. */
  isSaid(entry: unknown): boolean
  /** What the entry says without it. Throws nothing. */
  without(entry: unknown): DesiredFields
}

/** Asked with the key itself, only where a listing lacks names. */
export interface KeyScope {
  /** Below the source's address: `/key/info`. */
  readonly path: string
  /** Whether the key is shown every model. @param answer the parsed body, or the status of a refusal. Throws nothing */
  seesAll(answer: unknown): boolean
}

/** One address that lists entries. */
export interface Listing {
  /** Path below the source's address, with its fixed query: `/model/info`. */
  readonly path: string
  /** Headers beyond the key's, such as a version. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * The raw entries of one answer, in upstream's order.
   * @param page counts from 1, the default: an upstream may leave its empty list out of a later page
   * @throws MalformedAnswerError when the body is not of the documented shape; an error object that came with status 200 is malformed too
   */
  entries(body: unknown, page?: number): readonly unknown[]
  /** Where the next page is; `null` at the end. Without it the listing is one page. `page` counts from 1. */
  next?(body: unknown, page: number): NextPage | null
  /**
   * What is missing when the last page has been read, by that page's own count and the number of rows that all pages gave (a page without a new id
   * repeats, and gives none): `it counts 49587 models and gave 21957`; the listing is then incomplete. `null`: nothing, or upstream does not count.
   * Throws nothing.
   */
  missing?(lastBody: unknown, given: number): string | null
  /** Upstream's own id of an entry, verbatim; `null` when it has none (the entry is then rejected). */
  identify(entry: unknown): string | null
  /** Pure; one entry at a time, since several entries of one id are merged afterwards. Throws nothing. */
  parse(entry: unknown): Parsed
  /** Which members of an entry may be kept and shown, and which are known and left aside. Without it: nothing is kept. */
  readonly members?: MemberList
  /** Asked for each entry before it is read. Without it: nothing. */
  readonly details?: EntryDetails
  /** Top-level members that differ in each answer (`created` of a serving engine): left out when two answers are compared. */
  readonly volatile?: readonly string[]
  /**
   * Whether the source can do without this listing when upstream refuses it: a warning that says what is lost and how to mend it, and whether
   * the rest still is a complete listing. `null`: the refusal stands.
   */
  without?(refusal: Refusal): Without | null
  /**
   * The rest is complete without this listing, whatever becomes of it: it is tried once and for a few seconds. What its failure means for the
   * reader of a warning: `the ends of models keep their last values`.
   */
  readonly optional?: string
  /**
   * How an entry stands beside the listing that `namesCallable`: nobody may call it, for upstream's operator has blocked it; it may be missing there for
   * a reason of its own (`apart`); `null`: it is there, unless no key can call it. Throws nothing.
   */
  standing?(entry: unknown): 'blocked' | 'apart' | null
  /** What is nobody's own where each entry of the listing says it. */
  readonly common?: CommonWord
  /** It names each model that can be called, for a key that sees all: what another listing has beside it cannot be called. */
  readonly namesCallable?: true
  /** What it says of a model that it does not have, once it has been read: `{deprecationDate: null}`. Only counts where no other listing says it. */
  readonly absent?: DesiredFields
  /** Makes one of two rows of this listing with the same id, where `Source.merge` is not meant: rows that each state a part. Must not depend on their order. */
  merge?(a: DesiredFields, b: DesiredFields): DesiredFields
  /** What of a body is compared with the last one, where the rest differs each time (when it was made). Without it: the bytes. */
  comparable?(body: unknown): unknown
  /** Only asked for with a key; without one the source is complete all the same. */
  readonly needsKey?: true
  /** Only adds to what other listings say: an id that no other listing has is no model. */
  readonly supplements?: true
}

/** How a source is told who asks. @public declarations of sources name it */
export interface KeyRule {
  /** Environment variables, the first that is set wins. */
  readonly variables: readonly string[]
  /** Without a key the provider is skipped. */
  readonly required: boolean
  /** Not sent by a source that has `authorize`. */
  headers(key: string): Record<string, string>
  /** Further variables that `authorize` reads beside the key: `AWS_SECRET_ACCESS_KEY`. */
  readonly settings?: readonly string[]
}

/** What `authorize` may know and use. */
export interface Credential {
  key: string
  /** The variables of `KeyRule.settings` that are set. */
  settings: Readonly<Record<string, string>>
  /** For a token's own endpoint: goes out through our one HTTP client. */
  fetch: typeof fetch
}

/** The headers that prove who asks, for one request about to be sent; asked anew for each attempt and each page. */
export type Authorize = (request: {
  url: URL
  method: 'GET'
  headers: Readonly<Record<string, string>>
}) => Promise<Record<string, string>>

export interface Source {
  /** The provider's slug, part of each public model id. */
  readonly slug: string
  readonly name: string
  readonly description: string
  readonly homepage: string
  /** Grows with each change of what `parse` makes of the same entry, so that stored answers are read anew. */
  readonly version: number
  /** Scheme, host and port, perhaps a path; `null` where only the operator can know it. */
  readonly baseUrl: string | null
  /** Paths of the provider's other APIs, which its clients put into the address: `/v1beta/openai`; dropped from the end of an operator's address. */
  readonly clientPaths?: readonly string[]
  /** The environment variable that replaces the address; default `<SLUG>_BASE_URL`. */
  readonly addressVariable?: string
  /** The address by another variable, where neither that one nor an option gives it whole: a region of which each has its own host. */
  readonly addressFrom?: { readonly variables: readonly string[]; address(value: string): string }
  readonly key: KeyRule
  /** `all` leaves it out: it is synced where it is named, or its address set. */
  readonly onlyByName?: true
  /**
   * Where a header with the key in it is not enough: signatures, tokens. Called once a run and only with a key; loads what it needs then.
   * @throws Error whose message says what is wrong with the credential or the installation, without its secrets
   */
  authorize?(credential: Credential): Promise<Authorize>
  /** Its OpenAI-compatible chat API: what a probe asks. Without it: none, or none that is known. */
  readonly chat?: {
    /** Below the address: `/v1/chat/completions`. */
    readonly path: string
    /** What keeps an answer short; default `{max_tokens: 1}`. */
    readonly limit?: Readonly<Record<string, number>>
  }
  /** Only models of these modes are synced unless the operator says otherwise; the rest counts as filtered, and what is of unknown mode unless `unknown` is named. Without it: all. */
  readonly modes?: readonly ModeChoice[]
  /** Beside `modes`: of these models only ids like these are synced, unless the operator chooses modes or ids. */
  readonly family?: RegExp
  /** Fetched in this order; entries of one id, in whatever listing, are one model. */
  readonly listings: readonly Listing[]
  /** How the source is told whether a key sees all. Without it: each does. */
  readonly keyScope?: KeyScope
  /** The source for an address at which the same answer means something else (a region with another currency); `this` where it does not. */
  at?(address: string): Source
  /**
   * Makes one of two entries with the same id; must not depend on their order. Without it: of two rows of one listing the one that says more, of two
   * listings the earlier, with what the later adds.
   */
  merge?(a: DesiredFields, b: DesiredFields): DesiredFields
}

/** `Authorization: Bearer <key>`, the header of most of the field. */
export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` }
}

/** The environment variable that holds further headers of a provider's requests. */
export function headersVariable(slug: string): string {
  return `${slug.toUpperCase().replaceAll('-', '_')}_HEADERS`
}

/** The environment variable that holds the address of a provider. */
export function addressVariable(source: Pick<Source, 'slug' | 'addressVariable'>): string {
  return source.addressVariable ?? `${source.slug.toUpperCase().replaceAll('-', '_')}_BASE_URL`
}
