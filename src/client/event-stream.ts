/** Server-sent events over fetch, which unlike EventSource can send a token. */

export interface ServerEvent {
  event: string
  /** Lines joined by `\n`. */
  data: string
}

/**
 * The events of one answer, until it ends.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation (read 2026-11); `id` and `retry` are not used
 * @throws whatever the connection throws
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (let part = await reader.read(); part.done !== true; part = await reader.read()) {
      rest += decoder.decode(part.value, { stream: true })
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const found = parseBlock(block)
        if (found !== null) yield found
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** `null`: a comment, or an event without data. */
function parseBlock(block: string): ServerEvent | null {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? []
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }
  return data.length === 0 ? null : { event, data: data.join('\n') }
}
