/** A proxy in front of the backend that lets no long body through, as nginx does with its own limit. */
import { request as ask } from 'node:http'
import type { Test } from 'tap'
import { loopback } from '../../support/loopback.js'

/** @param most bytes of a body @returns its address */
export async function smallProxy(t: Test, url: string, most: number): Promise<string> {
  const { url: address } = await loopback(t, (request, response) => {
    if (Number(request.headers['content-length'] ?? 0) > most) {
      request.resume()
      response
        .writeHead(413, { 'content-type': 'text/html', connection: 'close' })
        .end('<html><h1>413 Request Entity Too Large</h1></html>')
      return
    }
    const { method, headers } = request
    const forwarded = ask(new URL(request.url ?? '/', url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    response.on('close', () => forwarded.destroy())
    request.pipe(forwarded)
  })
  return address
}
