/** Whether an address leads to this machine, so that nobody else reads what goes there over plain http. */
import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
// Node compares an IPv4 address that is written as IPv6 (::ffff:127.0.0.1) with this too.
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** @param hostname as a URL has it; a name that only begins like an address (`127.evil.example`) is a name. Throws nothing. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase()
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost')
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** Whether what is sent there can be read on the way. @param address http or https */
export function isReadOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !isLoopbackHost(hostname)
}
