/** An upstream with OpenAI's list of models, whose answers a test can hold back: each is made when its request arrives, and sent when the test says so. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { loopback, type Loopback } from './loopback.js'

export interface HeldAnswer {
  /** Once the request is there. */
  arrived: Promise<void>
  release(): void
}

export interface HeldUpstream extends Pick<Loopback, 'url' | 'requests'> {
  /** What it lists from now on; a number: the status that it fails with; a function: asked for each request. */
  serve(answer: readonly string[] | number | (() => { ids: readonly string[]; afterMs: number })): void
  /** Holds back the answer to the next request. */
  hold(): HeldAnswer
}

/** Answers with an ETag, and 304 when it is sent back. */
export async function heldUpstream(t: { teardown(end: () => Promise<void>): void }): Promise<HeldUpstream> {
  let listed: Parameters<HeldUpstream['serve']>[0] = []
  const holds: { arrive(): void; released: Promise<void> }[] = []
  const server = await loopback(t, async (request, response) => {
    const { ids, afterMs } = typeof listed === 'function' ? listed() : { ids: listed, afterMs: 0 }
    const send = answerOf(ids, request)
    const hold = holds.shift()
    hold?.arrive()
    await hold?.released
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
    send(response)
  })
  return {
    url: server.url,
    requests: server.requests,
    serve: (answer) => {
      listed = answer
    },
    hold: () => {
      let arrive = (): void => undefined
      let release = (): void => undefined
      const arrived = new Promise<void>((resolve) => (arrive = resolve))
      const released = new Promise<void>((resolve) => (release = resolve))
      holds.push({ arrive, released })
      return { arrived, release }
    },
  }
}

function answerOf(listed: readonly string[] | number, request: IncomingMessage): (response: ServerResponse) => void {
  if (typeof listed === 'number')
    return (response) => void response.writeHead(listed, { 'content-type': 'application/json' }).end('{"error":{}}')
  const data = listed.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'openai' }))
  const body = JSON.stringify({ object: 'list', data })
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  const unchanged = request.headers['if-none-match'] === etag
  return (response) => {
    response.setHeader('etag', etag)
    if (unchanged) response.writeHead(304).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  }
}
