/** Texts of one page, kept beside the heap: of what lives there V8 lets four times as much pile up before it collects. */

/** Gives the text back. */
export type KeptText = () => string

export class KeptTexts {
  private readonly waiting: string[] = []
  private bytes: Buffer | null = null
  /** Where each text begins, and the last one ends. */
  private readonly starts: number[] = [0]

  /** `null` stays `null`. Texts can be read from {@link seal} on. */
  keep(text: string | null): KeptText | null {
    if (text === null) return null
    const at = this.waiting.push(text) - 1
    return () => this.bytes?.toString('utf8', this.starts[at], this.starts[at + 1]) ?? ''
  }

  /** After the last text. */
  seal(): void {
    this.bytes = Buffer.from(this.waiting.join(''))
    let end = 0
    for (const text of this.waiting) this.starts.push((end += Buffer.byteLength(text)))
    this.waiting.length = 0
  }
}
