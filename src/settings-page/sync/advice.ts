/** Errors and warnings of a sync in plain language, with the next step; what the server said is kept beside it. */
import type { ProviderResult } from '../../client/contract.js'
import { providerName } from '../parts/names.js'

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

/** The environment variables that an operator would look at for a provider. */
interface Variables {
  key: string
  url: string
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
    advise: (name, { key }) => ({
      what: `${name} refused the key (401).`,
      next: name === 'LiteLLM' ? `Set ${key} to a key that may read /model/info.` : `Set ${key} to a valid key.`,
    }),
  },
  {
    pattern: /answered 403\b/,
    advise: (name, { key }) => ({
      what: `${name} knows the key but does not let it list models (403).`,
      next: `Give the key in ${key} the right to list models, or set another one.`,
    }),
  },
  {
    pattern: /answered 404\b/,
    advise: (name, { url }) => ({
      what: `${name} has no model list at this address (404).`,
      next: `Check ${url}: it should be the address of ${name} itself, without a path such as /v1.`,
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
      next: `Look into the log of ${name}, then refresh again.`,
    }),
  },
  {
    pattern: /nothing listens|cannot be resolved|no connection to|connection refused/,
    advise: (name, { url }) => ({
      what: `${name} cannot be reached.`,
      next: `Start it, or set ${url} to where it listens.`,
    }),
  },
  {
    pattern: /broke off/,
    advise: (name) => ({
      what: `${name} hung up in the middle of its answer.`,
      next: `Look into the log of ${name}, then refresh again.`,
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
    pattern: /does not speak HTTP|an HTML page|is not JSON/,
    advise: (name, { url }) => ({
      what: `What answered is not ${name}.`,
      next: `Check ${url}, and what stands between here and there.`,
    }),
  },
]

const HELD: Advice = {
  what: 'This looks like an accident upstream, so these changes are held and nothing was lost.',
  next: 'If upstream is wrong, mend it and refresh. If the change is meant, look at it in the preview and approve it there.',
}

/** What an error of a provider means and what to do next. */
export function adviceFor(result: Pick<ProviderResult, 'provider' | 'status'>, message: string): Advice {
  if (result.status === 'held') return HELD
  const name = providerName(result.provider)
  return (
    RULES.find(({ pattern }) => pattern.test(message))?.advise(name, variablesOf(result.provider)) ?? {
      what: sentence(message),
      next: null,
    }
  )
}

/** A line of the result without the slug that it starts with: `"litellm: no answer"` → `"no answer"`. */
export function withoutSlug(line: string, slug: string): string {
  return line.startsWith(`${slug}: `) ? line.slice(slug.length + 2) : line
}

function variablesOf(slug: string): Variables {
  const stem = slug.toUpperCase().replaceAll('-', '_')
  return { key: `${stem}_API_KEY`, url: slug === 'litellm' ? 'LITELLM_API_URL' : `${stem}_BASE_URL` }
}

function sentence(message: string): string {
  const text = message.trim()
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
