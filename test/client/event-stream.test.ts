/** Server-sent events, however the bytes are cut. */
import fc from 'fast-check'
import t from 'tap'
import { readEvents, type ServerEvent } from '../../src/client/event-stream.js'

async function read(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const found: ServerEvent[] = []
  for await (const event of readEvents(ReadableStream.from(chunks))) found.push(event)
  return found
}

const STREAM = ':\n\nevent: a\ndata: {"x": "ü"}\n\ndata:1\ndata: 2\r\n\r\nid: 7\n\nevent: half\ndata: is dropped'
const EVENTS = [
  { event: 'a', data: '{"x": "ü"}' },
  { event: 'message', data: '1\n2' },
]

t.test('comments and events without data are nothing; what has no end is dropped', async (t) => {
  t.strictSame(await read([new TextEncoder().encode(STREAM)]), EVENTS)
})

t.test('the same wherever the network cuts it', async () => {
  const bytes = new TextEncoder().encode(STREAM)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })), async (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), bytes.length]
      const chunks = ends.map((end, index) => bytes.slice(index === 0 ? 0 : ends[index - 1], end))
      t.strictSame(await read(chunks), EVENTS)
    }),
    { numRuns: 50 },
  )
})
