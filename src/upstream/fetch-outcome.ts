/** FetchOutcome: what reading a source over HTTP came to, beside the entries that it gave. */
import type { Cause } from '../core/records/problem.js'
import type { Validators } from './validators.js'

export interface FetchOutcome {
  /** `incomplete`: what was given stands, but something is missing, so that nothing may be marked unavailable. `not-modified`: nothing was given. */
  state: 'complete' | 'incomplete' | 'not-modified'
  /** Why it is incomplete, without secrets; else `null`. */
  cause: Cause | null
  warnings: string[]
  /** Of this answer; empty when it is incomplete. */
  validators: Validators
  /** Sent, redirects and further attempts included. */
  requests: number
  /** Of all bodies, after decompression. */
  bytes: number
  /** A listing lacks names because the key sees a part, or may do. */
  seesPart: boolean
}
