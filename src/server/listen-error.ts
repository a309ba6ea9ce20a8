/** Why the server cannot listen where it should, with the variable that says where. */

import { shownText } from '../core/input/shown-option.js'

/** @returns an error of the same code */
export function explainListenError(error: NodeJS.ErrnoException, at: { host: string; port: number }): Error {
  const { code } = error
  return Object.assign(
    new Error(describe(code, error.message, at), { cause: error }),
    code === undefined ? {} : { code },
  )
}

function describe(code: string | undefined, message: string, { host, port }: { host: string; port: number }): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  if (code === 'EADDRINUSE')
    return `PORT (port) is ${port}, and something listens at ${where} already: stop it, or set PORT to a free port (0: any)`
  if (code === 'EACCES')
    return `PORT (port) is ${port}, which this user may not open at ${where}: set PORT to one above 1023, or HOST to another address`
  const addresses =
    'expected an address of this machine, such as 127.0.0.1 (this machine alone) or 0.0.0.0 (the network too)'
  if (code === 'EADDRNOTAVAIL')
    return `HOST (host) is ${shownText(host)}, which is no address of this machine: ${addresses}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `HOST (host) is ${shownText(host)}, a name that cannot be resolved (${code}): ${addresses}`
  return `the server cannot listen at ${where}, which HOST and PORT (host, port) say: ${message}`
}
