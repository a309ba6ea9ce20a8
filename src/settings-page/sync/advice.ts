/** Errors and warnings of a sync in plain language, with the next step; what the server said is kept beside it. */
import type { Provider, ProviderResult } from '../../client/contract.js'
import { providerName } from '../parts/labels.js'

export interface Advice {
  /** What happened, one sentence. */
  what: string
  /** What to do about it; `null` when the server's own words already say it. */
  next: string | null
}

interface Rule {
  pattern: RegExp
  advise(name: string, variables: Variables): Advice
}

/** What an operator can set for a provider, as its record says. */
export type Settable = Pick<Provider, 'keyVariable' | 'keyPresent' | 'addressVariable'>

/** For the sentences: `null` where there is nothing to set, or it is not known yet. */
interface Variables {
  key: string | null
  url: string | null
  /** No key is set. */
  keyless: boolean
}

// The first that fits wins: causes that name themselves come before bare HTTP statuses.
const RULES: Rule[] = [
  {
    pattern: /^the database refused/,
    advise: (name) => ({
      what: `The database refused the changes of ${name}; none of them was applied.`,
      next: 'Check that PostgreSQL runs and has room, then refresh again.',
    }),
  },
  {
    pattern: /answered 401\b/,
    advise: (name, variables) => ({
      what: variables.keyless ? `${name} wants a key (401).` : `${name} refused the key (401).`,
      next: setKey(name, variables),
    }),
  },
  {
    pattern: /answered 403\b/,
    advise: (name, { key }) => ({
      what: `${name} knows the key but does not let it list models (403).`,
      next: `Give the key${key === null ? '' : ` in ${key}`} the right to list models, or set another one.`,
    }),
  },
  {
    pattern: /answered 404\b/,
    advise: (name, variables) => ({
      what: `${name} has no model list at this address (404).`,
      next: `${checkAddress(variables)}: it should be the address of ${name} itself, without a path such as /v1.`,
    }),
  },
  {
    pattern: /answered 429\b/,
    advise: (name) => ({
      what: `${name} asks for fewer requests (429).`,
      next: 'Wait a little and refresh again, or sync less often.',
    }),
  },
  {
    pattern: /LLM Model List not loaded/i,
    advise: (name) => ({
      what: `${name} runs, but has no models configured.`,
      next: "Add models to the proxy's model_list, then refresh.",
    }),
  },
  {
    pattern: /answered 5\d\d\b/,
    advise: (name) => ({
      what: `${name} answered with an error of its own.`,
      next: `Check the log of ${name}, then refresh again.`,
    }),
  },
  {
    pattern: /nothing listens|cannot be resolved|no connection to|connection refused/,
    advise: (name, { url }) => ({
      what: `${name} cannot be reached.`,
      next: url === null ? 'Start it, or correct its address.' : `Start it, or set ${url} to where it listens.`,
    }),
  },
  {
    pattern: /broke off|truncated JSON/,
    advise: (name) => ({
      what: `${name} hung up in the middle of its answer.`,
      next: `Check the log of ${name}, then refresh again.`,
    }),
  },
  {
    pattern: /header timeout|body timeout|was not complete after/,
    advise: (name) => ({
      what: `${name} did not answer in time.`,
      next: `Check that ${name} is well, or allow more time with MODEL_SYNC_TIMEOUT_MS.`,
    }),
  },
  {
    pattern: /^TLS with/,
    advise: (name) => ({
      what: `The certificate of ${name} is not trusted.`,
      next: 'Give Node the right authority with NODE_EXTRA_CA_CERTS.',
    }),
  },
  {
    pattern: /points to another origin/,
    advise: (name, variables) => ({
      what: `${name} sends on to another address, where the key is not taken.`,
      next: `${checkAddress(variables)}: it should be the address that answers itself.`,
    }),
  },
  {
    pattern: /does not speak HTTP|instead of JSON|empty body|where LiteLLM answers/,
    advise: (name, variables) => ({
      what: `What answered is not ${name}.`,
      next: `${checkAddress(variables)}, and what stands between here and there.`,
    }),
  },
]

function setKey(name: string, { key, url }: Variables): string {
  if (key !== null) return `Set ${key} to ${name === 'LiteLLM' ? 'a key that may read /model/info' : 'a valid key'}.`
  return url === ENDPOINTS ? `Name the variable of its key in ${ENDPOINTS}, as ;key=NAME.` : 'Give it a valid key.'
}

// Endpoints that are added by configuration, with their addresses and the names of their keys' variables.
const ENDPOINTS = 'MODEL_SYNC_OPENAI_COMPATIBLE'

function checkAddress({ url }: Variables): string {
  return url === null ? 'Check its address' : `Check ${url}`
}

const HELD: Advice = {
  what: 'This looks like an accident upstream, so it is held and nothing was lost.',
  next: 'If upstream is wrong, mend it and refresh. If the change is meant, look at it in the preview and approve it there.',
}

/**
 * What an error of a provider means and what to do next.
 * @param settable `undefined`: not known yet
 */
export function adviceFor(
  result: Pick<ProviderResult, 'provider' | 'status'>,
  message: string,
  settable: Settable | undefined,
): Advice {
  if (result.status === 'held') return HELD
  const name = providerName(result.provider)
  const variables = {
    key: settable?.keyVariable ?? null,
    url: settable?.addressVariable ?? null,
    keyless: settable?.keyPresent === false,
  }
  return (
    RULES.find(({ pattern }) => pattern.test(message))?.advise(name, variables) ?? {
      what: sentence(message),
      next: null,
    }
  )
}

/** A warning of the result with the provider's name in place of its slug. */
export function withName(line: string, slugs: readonly string[]): string {
  const slug = slugs.find((one) => line.startsWith(`${one}: `))
  return slug === undefined ? line : `${providerName(slug)}: ${withoutSlug(line, slug)}`
}

/** A line of the result without the slug that it starts with: `"litellm: no answer"` → `"no answer"`. */
export function withoutSlug(line: string, slug: string): string {
  return line.startsWith(`${slug}: `) ? line.slice(slug.length + 2) : line
}

function sentence(message: string): string {
  const text = message.trim()
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
