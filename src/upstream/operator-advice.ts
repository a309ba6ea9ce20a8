/** What an operator can do when an upstream cannot be read: the one piece of advice behind a problem's message. */
import type { FetchProblem } from './fetch-problem.js'
import { addressVariable, type Source } from '../sources/kit/source.js'

/** `; set LITELLM_API_KEY to …`, to stand behind the problem's message; empty where nothing can be done from here. */
export function adviceFor(
  { remedy, status }: Pick<FetchProblem, 'remedy' | 'status'>,
  source: Pick<Source, 'slug' | 'key' | 'addressVariable'>,
  hasKey: boolean,
): string {
  const address = addressVariable(source)
  // 400 is how LiteLLM without a database calls a key that is not the master key.
  if (status === 400 && source.slug === 'litellm') return keyAdvice(source, hasKey)
  switch (remedy) {
    case 'key':
      return keyAdvice(source, hasKey)
    case 'address':
      return `; check the address, which ${address} sets`
    case 'running':
      return `; check that it runs there, and the address, which ${address} sets`
    case 'name':
      return `; check the DNS, and the address, which ${address} sets`
    case 'network':
      return `; check the network, and the address, which ${address} sets`
    case 'scheme':
      return `; check the certificate, and whether the address should be https (${address} sets it)`
    case 'certificate':
      return `; set MODEL_SYNC_TLS_CERT and MODEL_SYNC_TLS_KEY (tls, or providerOptions.${source.slug}.tls) to one that it takes`
    case 'origin':
      return `; if that is right, set ${address} to it`
    case 'patience':
      return '; MODEL_SYNC_TIMEOUT_MS (timeoutMs) gives it more time'
    case 'size':
      return '; MODEL_SYNC_MAX_BODY_BYTES (maxBodyBytes) allows more'
    case 'pages':
      return '; MODEL_SYNC_MAX_PAGES (maxPages) allows more'
    case 'values':
      return '; MODEL_SYNC_MAX_VALUES (maxValues) allows more'
    case 'entries':
      return '; MODEL_SYNC_MAX_ENTRIES (maxEntries) allows more'
    case 'listing':
      return '; MODEL_SYNC_MAX_LISTING_BYTES (maxListingBytes) allows more'
    case null:
      return ''
  }
}

function keyAdvice({ key }: Pick<Source, 'key'>, hasKey: boolean): string {
  const variables = key.variables.join(' or ')
  if (variables === '') return '; check the API key'
  return hasKey ? `; set ${variables} to a key that is allowed to do this` : `; no key is set: set ${variables}`
}
