/** The bytes of one answer: gathered in blocks, hashed as they arrive, decoded once and freed on the way. */
import { createHash } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { JsonShape } from './json-shape.js'
import { pauses } from './pauses.js'

/** Blocks of up to 1 MiB, each twice the one before: a server that sends a byte a chunk would otherwise cost an object, some 100 bytes, for each byte. */
const FIRST_BLOCK_BYTES = 64 * 1024
const BLOCK_BYTES = 1024 * 1024

export class HttpBody {
  #blocks: Buffer[] = []
  /** Bytes used of the last block. */
  #used = 0
  #hash = createHash('sha256')
  #bytes = 0

  /** Bytes, after decompression. */
  get bytes(): number {
    return this.#bytes
  }

  append(chunk: Buffer): void {
    this.#bytes += chunk.length
    this.#hash.update(chunk)
    for (let from = 0; from < chunk.length;) {
      let block = this.#blocks.at(-1)
      if (block === undefined || this.#used === block.length) {
        block = Buffer.allocUnsafeSlow(Math.min((block?.length ?? FIRST_BLOCK_BYTES / 2) * 2, BLOCK_BYTES))
        this.#blocks.push(block)
        this.#used = 0
      }
      const copied = chunk.copy(block, this.#used, from)
      this.#used += copied
      from += copied
    }
  }

  /** What it will become when it is parsed, before {@link text}. Of one with more than `maxValues` values no more is looked at. */
  async shape(maxValues: number): Promise<JsonShape> {
    const shape = new JsonShape()
    const rest = pauses()
    for (const [index, block] of this.#blocks.entries()) {
      shape.add(index === this.#blocks.length - 1 ? block.subarray(0, this.#used) : block)
      if (shape.values > maxValues) break
      await rest()
    }
    return shape
  }

  /** SHA-256 of all bytes, hex. Once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /**
   * The body as UTF-8 without its byte order mark; what is no UTF-8 becomes U+FFFD. Once: the bytes are let go while they are read.
   * StringDecoder, since a streaming TextDecoder makes two bytes of each ASCII letter.
   */
  async text(): Promise<string> {
    const decoder = new StringDecoder('utf8')
    const blocks = this.#blocks.reverse()
    let text = ''
    const rest = pauses()
    for (let first = true; blocks.length > 0; first = false) {
      const block = blocks.pop()!
      text += decoder.write(blocks.length === 0 ? block.subarray(0, this.#used) : block)
      if (first && text.startsWith('\uFEFF')) text = text.slice(1)
      await rest()
    }
    return text + decoder.end()
  }
}
