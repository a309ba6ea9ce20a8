/** JsonList: a JSON list of texts, written beside the heap, where each text can go at once. */

// Of a shorter text it is no matter that a character may take three bytes.
const SHORT = 4096

export class JsonList {
  /** Entries. */
  length = 0
  #bytes: Buffer
  #end = 0

  /** @param capacity bytes at first; it grows */
  constructor(capacity = 16 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
  }

  get byteLength(): number {
    return this.#end
  }

  /** Returns its index. */
  add(text: string): number {
    const needed = this.#end + 2 + (text.length < SHORT ? text.length * 3 : Buffer.byteLength(text))
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#end)
      this.#bytes = larger
    }
    this.#end += this.#bytes.write(this.length === 0 ? '[' : ',', this.#end)
    this.#end += this.#bytes.write(text, this.#end)
    return this.length++
  }

  /** The list as it is now: a view, until {@link clear} and the next text. */
  json(): Buffer {
    if (this.length === 0) return Buffer.from('[]')
    this.#bytes.write(']', this.#end)
    return this.#bytes.subarray(0, this.#end + 1)
  }

  clear(): void {
    this.length = 0
    this.#end = 0
  }
}
