/** A receiver of webhooks on 127.0.0.1 that fails, hangs or redirects when it is told to. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
  /** The body, read. */
  json: { type: string; data: Record<string, unknown>; text?: string; blocks?: { text: { text: string } }[] }
  /** The status that was answered; `null`: none. */
  status: number | null
}

export type Behaviour = { status: number; headers?: Record<string, string> } | 'hang' | 'reset'

export type NewsReceiver = Awaited<ReturnType<typeof startNewsReceiver>>

/** What arrives is kept, in order; `behave` is asked for each request, by its number from 0 on. */
export async function startNewsReceiver(port = 0) {
  const received: Received[] = []
  const state = { behave: (_count: number): Behaviour => ({ status: 204 }) }
  const server = createServer((request, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const behaviour = state.behave(received.length)
      const status = typeof behaviour === 'string' ? null : behaviour.status
      received.push({ headers: request.headers, body, json: JSON.parse(body) as Received['json'], status })
      if (behaviour === 'reset') response.destroy()
      else if (behaviour !== 'hang') response.writeHead(behaviour.status, behaviour.headers ?? {}).end()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/T0/secret-path`,
    port: (server.address() as AddressInfo).port,
    received,
    /** Those that were answered with success. */
    accepted: () => received.filter(({ status }) => status !== null && status < 300),
    behave(behaviour: typeof state.behave | Behaviour): void {
      state.behave = typeof behaviour === 'function' ? behaviour : () => behaviour
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
