/** Whether an IP address belongs to the public internet. */
import { BlockList, isIP } from 'node:net'

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry (read 2026-11) */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** The addresses that are given out at all; what lies outside is loopback, private, link-local, multicast, an IPv4-compatible form or for nobody yet. */
const GLOBAL_UNICAST = ['2000::', 3] as const

/**
 * Within these. Protocol assignments (Teredo among them) and 6to4 carry an IPv4 address to wherever it leads.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry (read 2026-11)
 */
const NOT_PUBLIC_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const given = new BlockList()
given.addSubnet(...GLOBAL_UNICAST, 'ipv6')
// An IPv4 address may be written as IPv6 (::ffff:8.8.8.8), or lie behind NAT64, which is how an IPv6-only network reaches it.
given.addSubnet('::ffff:0:0', 96, 'ipv6')
given.addSubnet('64:ff9b::', 96, 'ipv6')

const special = new BlockList()
for (const [address, prefix] of NOT_PUBLIC_V6) special.addSubnet(address, prefix, 'ipv6')
for (const [address, prefix] of NOT_PUBLIC_V4) {
  // Node compares an IPv4 address that is written as IPv6 (::ffff:127.0.0.1) with these too.
  special.addSubnet(address, prefix, 'ipv4')
  special.addSubnet(`64:ff9b::${address}`, 96 + prefix, 'ipv6')
}

/** Whether it is an address of the public internet; what is no IP address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && given.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
