/** Reads an http(s) address as an operator types it, and says how a slip should have been spelled. */
import { plainText, shownText } from './shown-option.js'

export type AddressReading =
  | { ok: true }
  /** `found`: what was typed, as a message may show it; `hint`: the right spelling, or `null` when none is plain. */
  | { ok: false; found: string; hint: string | null }

const LAST_PORT = 65_535

/** Throws nothing. */
export function readHttpAddress(text: string): AddressReading {
  if (/^https?:\/\/[^\s@/]/i.test(text) && !/[\s@]/.test(text) && URL.canParse(text)) return { ok: true }
  const hint = rightSpelling(text)
  return { ok: false, found: shownText(text), hint: hint === null ? null : unquoted(plainText(hint)) }
}

/** `"localhost:4000", expected an http or https address; did you mean http://localhost:4000?`; `null`: nothing is wrong. */
export function describeAddressProblem(text: string): string | null {
  const reading = readHttpAddress(text)
  if (reading.ok) return null
  const [, port = ''] = /^https?:\/\/[^\s@/]+:(\d+)(\/|$)/i.exec(text) ?? []
  if (Number(port) > LAST_PORT) return `${reading.found}, expected a port up to ${LAST_PORT}`
  const advice = reading.hint === null ? ', such as http://localhost:4000' : `; did you mean ${reading.hint}?`
  return `${reading.found}, expected an address with http:// or https://${advice}`
}

function unquoted(text: string | null): string | null {
  return text === null ? null : (JSON.parse(text) as string)
}

// `localhost:4000`, `//box`, `http:/box`, `http//box`, `htp://box`: what stands in front of the host is what was mistyped.
function rightSpelling(text: string): string | null {
  const [, scheme = '', rest = ''] = /^(?:([a-z]{3,6})(?::\/*|\/\/))?\/*(.*)$/i.exec(text.trim()) ?? []
  const isScheme = /^h\w{1,5}$/i.test(scheme)
  const bare = (scheme === '' || isScheme ? rest : text).replace(/^[^/]*@/, '')
  if (bare === '' || /[\s@]|:\/\//.test(bare)) return null
  // A port alone. As a host, `4000` would be the address 0.0.15.160.
  const [, portAlone] = /^:?(\d{2,5})$/.exec(bare) ?? []
  if (portAlone !== undefined) return Number(portAlone) > LAST_PORT ? null : `http://localhost:${portAlone}`
  const spelled = `${protocolFor(scheme, bare)}//${bare}`
  if (!URL.canParse(spelled)) return null
  // A word alone is no address that anybody meant, `localhost` and `box:4000` are.
  const { hostname, port } = new URL(spelled)
  return port !== '' || hostname === 'localhost' || hostname.includes('.') || isScheme ? spelled : null
}

function protocolFor(scheme: string, bare: string): 'http:' | 'https:' {
  if (/s$/i.test(scheme)) return 'https:'
  if (scheme !== '' && /^h/i.test(scheme)) return 'http:'
  const [host = ''] = bare.split('/')
  // A public name without a port is served over TLS nowadays; a machine of one's own, or a port, mostly is not.
  const isPublicName = /\.[a-z]{2,}$/i.test(host) && !/\.(local|internal|lan|localhost)$/i.test(host)
  return isPublicName || host.endsWith(':443') ? 'https:' : 'http:'
}
