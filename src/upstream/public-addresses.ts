/** Keeps requests to addresses that others choose out of the private network: checked where the connection is made, after the name was resolved. */
import { lookup as resolve } from 'node:dns'
import { lookup as resolveAll } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './is-public-address.js'

/** A target that the operator has not allowed. */
class PrivateAddressError extends Error {
  readonly code = 'PRIVATE_ADDRESS'
}

/** A target that cannot be checked here, so that no proxy is asked for it. */
class UncheckedAddressError extends Error {
  readonly code = 'UNCHECKED_ADDRESS'
}

/** Connects to public addresses only. A name with a public and a private address is refused: which of them is asked would be chance. */
export function connectPublicly(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup } as buildConnector.BuildOptions)
  return (target, callback) => {
    // A literal address is never looked up.
    const literal = target.hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) !== 0 && !isPublicAddress(literal)) callback(refusal(), null)
    else connect(target, callback)
  }
}

/**
 * The same for a target that a proxy connects to: `host:port` with the name replaced by an address that was checked.
 * @throws PrivateAddressError; UncheckedAddressError when the name cannot be resolved here
 */
export async function publicTarget(target: string): Promise<string> {
  const [, host = target, port = ''] = /^\[?(.*?)\]?(:\d+)?$/.exec(target) ?? []
  const addresses = await resolveAll(host, { all: true }).catch(() => [])
  const [first] = addresses
  if (first === undefined) throw new UncheckedAddressError(`${host} cannot be resolved here`)
  if (!addresses.every(({ address }) => isPublicAddress(address))) throw refusal()
  return `${first.family === 6 ? `[${first.address}]` : first.address}${port}`
}

const lookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null || first === undefined) callback(error ?? new Error(`${hostname} has no address`), [])
    else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(refusal(), [])
    else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

function refusal(): PrivateAddressError {
  return new PrivateAddressError('the host is at a private, loopback or link-local address')
}
