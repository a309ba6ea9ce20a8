/** What no pattern can say of a text: the checks behind `format`. */
import { isIP } from 'node:net'

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 }

/** A number, or addresses and ranges with commas, as Fastify takes them for trustProxy; a range of all addresses is none. */
function isProxies(text: string): boolean {
  if (/^\d+$/.test(text)) return true
  return text.split(',').every((entry) => {
    const [address = '', length] = entry.trim().split('/')
    if (isIP(address) === 0) return ['loopback', 'linklocal', 'uniquelocal'].includes(address)
    return length === undefined || (Number(length) >= 1 && Number(length) <= BITS[isIP(address)]!)
  })
}

export const formats = { proxies: isProxies, 'http-address': (text: string) => URL.canParse(text) }
