/** Which texts of an entry may be kept: no keys, no paths on a disk, no user or query of an address. */
import { withoutCredentials } from '../../core/input/address-text.js'

/** Keys by the prefix that their makers give them, whole; what is random and has none cannot be told from an id or a digest. */
const KEYS =
  /\b(?:sk|pk|rk|gsk|hf|xai|pplx|ghp|glpat|fw|nvapi|csk|r8)[-_](?:[a-z\d]{1,8}[-_]){0,4}(?=\w*\d)\w{16,}[\w-]*|\bAIza[\w-]{20,}|\bAKIA[A-Z\d]{16}\b|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\b(?:bearer|basic) +[\w+/=.~-]{16,}/gi
/** Characters that {@link KEYS} takes at least: `hf_` and sixteen. */
const SHORTEST_KEY = 19
/** `/home/…`, `~/…`, `C:\…`; `/v1/chat/completions` is a path of an API. */
const ON_A_DISK = /^(?:\/(?!v\d|api\/)[^/\s]+\/|~[\w-]*\/|[a-z]:[\\/]|\\\\|file:)/i
/** A word of a list: no switch of a command line, no assignment, no sentence. */
const WORD = /^(?!-)[^\n=]{1,200}$/

/** `null`: nothing of it may be kept. Throws nothing. */
export function keepText(text: string): string | null {
  if (ON_A_DISK.test(text)) return null
  // Most texts are words, and too short for any of them.
  return text.length < SHORTEST_KEY ? withoutCredentials(text) : withoutCredentials(text).replace(KEYS, '[redacted]')
}

/** As {@link keepText}, for a text in a list, where upstreams have words. */
export function keepWord(text: string): string | null {
  return WORD.test(text) ? keepText(text) : null
}
