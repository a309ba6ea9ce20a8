/** Undoes the content-encodings of a body, also where their header says more or less than there is. */
import { pipeline, Readable, type Duplex } from 'node:stream'
import * as zlib from 'node:zlib'
import { HttpLimitError } from './limit-error.js'

const OPTIONS = { chunkSize: 64 * 1024 }
/** Names that mean no encoding; the last ones are not registered, but servers send them. */
const PLAIN: ReadonlySet<string> = new Set(['', 'identity', 'none', 'utf-8', 'utf8', '8bit', 'binary'])
/** More than anybody means. */
const MOST_LAYERS = 4
const OPEN_BRACE = '{'.charCodeAt(0)

// Node has it from 22.15 on; its types for 20 do not.
const { createZstdDecompress } = zlib as unknown as { createZstdDecompress?: (options: object) => Duplex }

/** For `accept-encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, br, deflate'
/** In words. */
export const KNOWN_ENCODINGS =
  createZstdDecompress === undefined ? 'gzip, br and deflate' : 'gzip, br, deflate and zstd'

/**
 * Not undici's interceptor: in 7.30 it is experimental, says so on stderr, and leaves the bodies of errors compressed.
 * @param header `content-encoding`, perhaps with several, the last one outermost
 * @returns the decoded chunks; they throw what the body and node:zlib throw, and HttpLimitError for an encoding that is not known
 * @throws HttpLimitError for too many encodings
 */
export function decodeBody(
  body: AsyncIterable<Buffer>,
  header: string | readonly string[] | undefined,
): AsyncIterable<Buffer> {
  const layers = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.replace(/;.*|"/g, '').trim())
    .filter((name) => !PLAIN.has(name))
  if (layers.length > MOST_LAYERS) throw new HttpLimitError('CONTENT_ENCODING', layers.join(', '))
  let decoded = body
  for (const name of layers.reverse()) decoded = decode(decoded, decoderOf(name))
  // Compressed twice, or once by a server that does not say so. No JSON begins like gzip.
  return decode(decoded, (head) => (isGzip(head) ? zlib.createGunzip(OPTIONS) : null))
}

/** Chosen by a body's first bytes; `null`: it stays as it is. */
type Decoder = (head: Buffer) => Duplex | null

/** By its bytes where they say it, else by its name: proxies unpack a body and leave the header, or set it a second time. */
function decoderOf(name: string): Decoder {
  if (name === 'br') return (head) => (head[0] === OPEN_BRACE ? null : zlib.createBrotliDecompress(OPTIONS))
  return (head) => {
    if (isJson(head)) return null
    if (isGzip(head) || name === 'gzip' || name === 'x-gzip')
      return isZlib(head) ? zlib.createInflate(OPTIONS) : zlib.createGunzip(OPTIONS)
    if (name === 'deflate') return isZlib(head) ? zlib.createInflate(OPTIONS) : zlib.createInflateRaw(OPTIONS)
    if (name === 'zstd' && createZstdDecompress !== undefined) return createZstdDecompress(OPTIONS)
    throw new HttpLimitError('CONTENT_ENCODING', name)
  }
}

async function* decode(source: AsyncIterable<Buffer>, decoder: Decoder): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const { done, value } = await chunks.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  const decompress = head.length === 0 ? null : decoder(head)
  const all = joined(head, chunks)
  // An error of either stream comes out of the loop that reads the last one.
  yield* decompress === null ? all : (pipeline(Readable.from(all), decompress, () => {}) as AsyncIterable<Buffer>)
}

async function* joined(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  yield* { [Symbol.asyncIterator]: () => chunks }
}

/** No stream of gzip, deflate or zstd that holds JSON begins so. Brotli may begin like a list, never like an object. */
function isJson([first]: Buffer): boolean {
  return first !== undefined && '{[ \t\r\n'.includes(String.fromCharCode(first))
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** RFC 1950; `deflate` should mean that, and often is bare RFC 1951. */
function isZlib(head: Buffer): boolean {
  const [method = 0, flags = 0] = head
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0
}
