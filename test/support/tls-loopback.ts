/** A small HTTPS server on 127.0.0.1 that records what it is asked, perhaps only by clients with a certificate. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from './certificates.js'
import type { LoopbackHandler, LoopbackRequest } from './loopback.js'

export interface TlsLoopback {
  port: number
  requests: LoopbackRequest[]
  /** The common name of each client's certificate; `null`: it had none. */
  clients: (string | null)[]
}

export interface TlsLoopbackOptions extends Certificate {
  /** Only clients with a certificate of this authority are let in. */
  clientCa?: string
  maxVersion?: 'TLSv1.2'
}

export async function tlsLoopback(
  t: { teardown(end: () => Promise<void>): void },
  { clientCa, maxVersion, ...certificate }: TlsLoopbackOptions,
  handler: LoopbackHandler,
): Promise<TlsLoopback> {
  const requests: LoopbackRequest[] = []
  const clients: (string | null)[] = []
  const demands = clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: clientCa }
  const limits = maxVersion === undefined ? {} : { maxVersion }
  const server = createServer({ ...certificate, ...demands, ...limits }, (request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
    const subject = (request.socket as TLSSocket).getPeerCertificate().subject as { CN?: string } | undefined
    clients.push(subject?.CN ?? null)
    void handler(request, response, requests.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { port: (server.address() as AddressInfo).port, requests, clients }
}
