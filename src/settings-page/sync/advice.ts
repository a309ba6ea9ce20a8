/** What went wrong in a sync in plain language, with the next step; what the server said is kept beside it. */
import type { Cause, Provider, ProviderResult } from '../../client/contract.js'
import { capital } from '../parts/format.js'
import { providerName } from '../parts/labels.js'

export interface Advice {
  /** What happened, one sentence. */
  what: string
  /** What to do about it; `null` when the server's own words already say it. */
  next: string | null
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

/** What is wrong with a provider: `cause` decides, `message` is what the server said. `cause` `null`: it is not known. */
export interface Wrong {
  provider: string
  cause: Cause | null
  message: string
}

/** What a problem means and what to do next. @param settable `undefined`: not known yet */
export function adviceFor({ provider, cause, message }: Wrong, settable: Settable | undefined): Advice {
  const variables = {
    key: settable?.keyVariable ?? null,
    url: settable?.addressVariable ?? null,
    keyless: settable?.keyPresent === false,
  }
  const advice = cause === null ? null : adviceOf(cause, providerName(provider), variables)
  return advice ?? { what: sentence(message), next: null }
}

/** `null`: the server's own words say all there is. */
function adviceOf(cause: Cause, name: string, variables: Variables): Advice | null {
  switch (cause.code) {
    case 'empty-answer':
    case 'mass-removal':
    case 'price-jump':
    case 'undone':
    case 'held':
      return HELD
    case 'database':
      return {
        what: `The database refused the changes of ${name}; none of them was applied.`,
        next: 'Check that PostgreSQL runs and has room, then refresh again.',
      }
    case 'incomplete-listing':
      return cause.facts.cause === null ? null : adviceOf(cause.facts.cause, name, variables)
    case 'upstream-status':
      return ofStatus(cause.facts.status, name, variables)
    case 'upstream-without-models':
      return {
        what: `${name} runs, but has no models configured.`,
        next: "Add models to the proxy's model_list, then refresh.",
      }
    case 'upstream-unreachable':
      return {
        what: `${name} cannot be reached.`,
        next:
          variables.url === null
            ? 'Start it, or correct its address.'
            : `Start it, or set ${variables.url} to where it listens.`,
      }
    case 'upstream-broken-off':
      return brokeOff(name)
    case 'upstream-timeout':
      return {
        what: `${name} did not answer in time.`,
        next: `Check that ${name} is well, or allow more time with MODEL_SYNC_TIMEOUT_MS.`,
      }
    case 'upstream-tls':
      return ofCertificate(cause.facts.wants, name)
    case 'upstream-redirect':
      return cause.facts.anotherOrigin
        ? {
            what: `${name} sends on to another address, where the key is not taken.`,
            next: `${checkAddress(variables)}: it should be the address that answers itself.`,
          }
        : null
    case 'upstream-protocol':
      return cause.facts.answered ? anotherServer(name, variables) : null
    case 'malformed-answer':
      return cause.facts.found === 'truncated' ? brokeOff(name) : anotherServer(name, variables)
    default:
      return null
  }
}

function ofStatus(status: number, name: string, variables: Variables): Advice | null {
  if (status === 401)
    return {
      what: variables.keyless ? `${name} wants a key (401).` : `${name} refused the key (401).`,
      next: setKey(name, variables),
    }
  if (status === 403)
    return {
      what: `${name} knows the key but does not let it list models (403).`,
      next: `Give the key${variables.key === null ? '' : ` in ${variables.key}`} the right to list models, or set another one.`,
    }
  if (status === 404)
    return {
      what: `${name} has no model list at this address (404).`,
      next: `${checkAddress(variables)}: it should be the address of ${name} itself, without a path such as /v1.`,
    }
  if (status === 429)
    return {
      what: `${name} asks for fewer requests (429).`,
      next: 'Wait a little and refresh again, or sync less often.',
    }
  return status >= 500
    ? { what: `${name} answered with an error of its own.`, next: `Check the log of ${name}, then refresh again.` }
    : null
}

function ofCertificate(wants: 'ours' | 'theirs', name: string): Advice {
  return wants === 'ours'
    ? {
        what: `${name} wants a client certificate.`,
        next: 'Set MODEL_SYNC_TLS_CERT and MODEL_SYNC_TLS_KEY to one that it takes.',
      }
    : {
        what: `The certificate of ${name} is not trusted.`,
        next: 'Give Node the right authority with NODE_EXTRA_CA_CERTS.',
      }
}

function brokeOff(name: string): Advice {
  return {
    what: `${name} hung up in the middle of its answer.`,
    next: `Check the log of ${name}, then refresh again.`,
  }
}

function anotherServer(name: string, variables: Variables): Advice {
  return {
    what: `What answered is not ${name}.`,
    next: `${checkAddress(variables)}, and what stands between here and there.`,
  }
}

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

/** Of a provider's part in a run; `null`: nothing is wrong with it. */
export function wrongWith({ provider, error, reason, facts }: ProviderResult): Wrong | null {
  if (error === undefined) return null
  const cause = reason === undefined || facts === undefined ? null : ({ code: reason, facts } as Cause)
  return { provider, cause, message: error }
}

function sentence(message: string): string {
  const text = capital(message.trim())
  return /[.!?]$/.test(text) ? text : `${text}.`
}
