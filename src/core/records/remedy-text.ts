/** describeRemedy: what an operator can do about an upstream that cannot be read. Pure. */
import type { Remedy } from './problem.js'

/** `; set LITELLM_API_KEY to …`, to stand behind a problem's sentence; empty where nothing can be done from here. */
export function describeRemedy(remedy: Remedy | null): string {
  const advice = remedy === null ? '' : adviceOf(remedy)
  return advice === '' ? '' : `; ${advice}`
}

function adviceOf(remedy: Remedy): string {
  switch (remedy.with) {
    case 'key': {
      const variables = remedy.variables.join(' or ')
      if (variables === '') return 'check the API key'
      return remedy.isSet ? `set ${variables} to a key that is allowed to do this` : `no key is set: set ${variables}`
    }
    case 'address':
      return `check the address, which ${remedy.variable} sets`
    case 'running':
      return `check that it runs there, and the address, which ${remedy.variable} sets`
    case 'name':
      return `check the DNS, and the address, which ${remedy.variable} sets`
    case 'network':
      return `check the network, and the address, which ${remedy.variable} sets`
    case 'scheme':
      return `check the certificate, and whether the address should be https (${remedy.variable} sets it)`
    case 'certificate':
      return `set MODEL_SYNC_TLS_CERT and MODEL_SYNC_TLS_KEY (tls, or providerOptions.${remedy.provider}.tls) to one that it takes`
    case 'origin':
      return `if that is right, set ${remedy.variable} to it`
    case 'time':
      return `${variableOf(remedy.option)} (${remedy.option}) gives it more time`
    case 'more':
      return `${variableOf(remedy.option)} (${remedy.option}) allows more`
  }
}

function variableOf(option: string): string {
  return `MODEL_SYNC_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
