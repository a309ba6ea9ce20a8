/** The bytes of one answer: gathered in one place, hashed as they arrive, decoded once and freed then. */
import { isAscii } from 'node:buffer'
import { createHash } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { JsonShape } from './json-shape.js'
import { pauses } from '../pauses.js'

const MIB = 1024 * 1024
const FIRST_BYTES = 64 * 1024
/** Looked at in one go. */
const SLICE_BYTES = MIB
/**
 * What a body over 4 MiB gets. The system maps so much by itself and takes it back whole, and what is not used of it takes no memory; blocks of a
 * MiB would lie among others, and their places would stay with the process.
 */
const LARGE = { over: 4 * MIB, bytes: 64 * MIB }
/** The bytes of a larger body are let go as soon as there is its text. */
const MOST_KEPT_BYTES = 32 * MIB

export class HttpBody {
  #buffer = Buffer.alloc(0)
  #hash = createHash('sha256')
  #bytes = 0

  /** Bytes, after decompression. */
  get bytes(): number {
    return this.#bytes
  }

  append(chunk: Buffer): void {
    this.#hash.update(chunk)
    const needed = this.#bytes + chunk.length
    if (needed > this.#buffer.length) this.#grow(needed)
    chunk.copy(this.#buffer, this.#bytes)
    this.#bytes = needed
  }

  #grow(needed: number): void {
    const size = Math.max(FIRST_BYTES, this.#buffer.length * 2, needed)
    const larger = Buffer.allocUnsafeSlow(size > LARGE.over ? Math.max(size, LARGE.bytes) : size)
    this.#buffer.copy(larger, 0, 0, this.#bytes)
    this.#buffer = larger
  }

  /** What it will become when it is parsed, before {@link text}. Of one with more than `maxValues` values no more is looked at. */
  async shape(maxValues: number): Promise<JsonShape> {
    const shape = new JsonShape()
    const rest = pauses()
    for (const slice of this.#slices()) {
      shape.add(slice)
      if (shape.values > maxValues) break
      await rest()
    }
    return shape
  }

  /** SHA-256 of all bytes, hex. Once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /** The bytes are let go. */
  release(): void {
    this.#buffer = Buffer.alloc(0)
  }

  /** Whether {@link part} can still be read. */
  get hasParts(): boolean {
    return this.#buffer.length > 0
  }

  byteAt(index: number): number | undefined {
    return this.#buffer[index]
  }

  /** The text from one byte up to another. */
  part(start: number, end: number): string {
    return this.#buffer.toString('utf8', start, end)
  }

  /**
   * The body as UTF-8 without its byte order mark; what is no UTF-8 becomes U+FFFD. Once: the bytes of a large one are let go.
   * StringDecoder, since a streaming TextDecoder makes two bytes of each ASCII letter.
   */
  async text(): Promise<string> {
    const rest = pauses()
    const ascii = await this.#isAscii(rest)
    const slices = this.#slices()
    const whole = this.#buffer.subarray(0, this.#bytes)
    if (this.#bytes > MOST_KEPT_BYTES) this.release()
    // A long one lies beside the heap then, where it does not raise the amount of garbage that V8 lets pile up before it collects.
    if (ascii) return whole.toString('latin1')
    const decoder = new StringDecoder('utf8')
    let text = ''
    for (const slice of slices) {
      const first = text === ''
      text += decoder.write(slice)
      if (first && text.startsWith('\uFEFF')) text = text.slice(1)
      await rest()
    }
    return text + decoder.end()
  }

  async #isAscii(rest: ReturnType<typeof pauses>): Promise<boolean> {
    for (const slice of this.#slices()) {
      if (!isAscii(slice)) return false
      await rest()
    }
    return true
  }

  #slices(): Buffer[] {
    return Array.from({ length: Math.ceil(this.#bytes / SLICE_BYTES) }, (_, index) =>
      this.#buffer.subarray(index * SLICE_BYTES, Math.min((index + 1) * SLICE_BYTES, this.#bytes)),
    )
  }
}
