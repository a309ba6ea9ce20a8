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

/** Teredo and 6to4 among them, which carry an IPv4 address. @see https://www.iana.org/assignments/iana-ipv6-special-registry (read 2026-11) */
const NOT_PUBLIC_V6 = [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const

const notPublic = new BlockList()
for (const [address, prefix] of NOT_PUBLIC_V6) notPublic.addSubnet(address, prefix, 'ipv6')
for (const [address, prefix] of NOT_PUBLIC_V4) {
  // Node compares an IPv4 address that is written as IPv6 (::ffff:127.0.0.1) with these too.
  notPublic.addSubnet(address, prefix, 'ipv4')
  // The same through NAT64.
  notPublic.addSubnet(`64:ff9b::${address}`, 96 + prefix, 'ipv6')
}

/** Whether it is an address of the public internet; what is no IP address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
