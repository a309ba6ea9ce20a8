/** The state of a model directory, in the names that clients of the older direct service read, and some more. */

export interface DirectoryStats {
  /** Models, not keys. */
  cached_models: number
  /** ISO 8601: from then on the next request has the models read anew; `null`: nothing is loaded. */
  cache_expiry: string | null
  seconds_until_expiry: number
  /** SHA-256 of the last body, hex; `null`: there is none (the catalogue). */
  last_hash: string | null
  last_etag: string | null
  /** Seconds. */
  cache_duration: number
  /** Requests that were answered from memory, at once. */
  hits: number
  /** Requests that found nothing in memory and had to wait. */
  misses: number
  /** Loads that were begun. */
  loads: number
  /** Of these, loads that found nothing new. */
  notModified: number
  /** Of these, loads that failed. */
  errors: number
  /** Of the last load; `null`: it succeeded. */
  lastError: string | null
  /** Seconds since the models were last known to be what upstream has; `null`: nobody knows. */
  age: number | null
  /** The last load failed, or there was none yet: the models may be out of date. */
  stale: boolean
  /** Malformed entries of the last load that brought models. */
  rejected: number
}
