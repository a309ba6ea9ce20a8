/** The admin token: taken from the address's fragment, kept in this tab's session storage only, never in a URL. */
import { useSyncExternalStore } from 'react'

const KEY = 'model-sync.admin-token'

const listeners = new Set<() => void>()

// A browser may refuse session storage; then the token lasts as long as the page.
let inMemory: string | null = null

/** The admin token of this tab; `null` when nobody has signed in. */
export function readToken(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? inMemory
  } catch {
    return inMemory
  }
}

/** Keeps the token, or forgets it with `null`. */
export function writeToken(token: string | null): void {
  inMemory = token
  try {
    if (token === null) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, token)
  } catch {
    // In memory it stays.
  }
  for (const listener of listeners) listener()
}

/** Whether a text can be a bearer token at all: visible ASCII without spaces. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text)
}

/**
 * Moves a token from the fragment (`#token=…`) into the session and takes it out of the address and of the history entry at once; also when
 * such an address is pasted into the open page later.
 */
export function adoptTokenFromAddress(): void {
  take()
  window.addEventListener('hashchange', take)
}

/** The token of this tab, current at every render. */
export function useToken(): string | null {
  return useSyncExternalStore(subscribe, readToken)
}

function take(): void {
  const parts = location.hash.slice(1).split('&')
  const part = parts.find((one) => one.startsWith('token='))
  if (part === undefined) return
  const rest = parts.filter((one) => one !== part).join('&')
  // An absolute path: a relative address would be read against <base>.
  history.replaceState(history.state, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`))
  const token = decode(part.slice('token='.length)).trim()
  // A link must not sign somebody in as another, whose token the link's author knows.
  if (isToken(token) && readToken() === null) writeToken(token)
}

// Not URLSearchParams: it would make a space of each "+".
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
