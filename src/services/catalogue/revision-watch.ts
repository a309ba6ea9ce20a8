/** RevisionWatch: tells listeners when the catalogue has changed, whichever process changed it, by one cheap read for all of them. */

export interface RevisionWatchOptions {
  /** The catalogue's revision now. */
  read(): Promise<number>
  /** Ms between two reads while somebody listens. */
  intervalMs: number
}

export class RevisionWatch {
  private readonly listeners = new Set<(revision: number) => void>()
  private timer: NodeJS.Timeout | null = null
  private known: number | null = null
  private reading = false

  constructor(private readonly options: RevisionWatchOptions) {}

  /**
   * @param listener told the revision as soon as it is read for the first time, then after each change
   * @returns ends it
   */
  watch(listener: (revision: number) => void): () => void {
    this.listeners.add(listener)
    if (this.known !== null) listener(this.known)
    if (this.timer === null) {
      this.timer = setInterval(() => void this.check(), this.options.intervalMs).unref()
      void this.check()
    }
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0 || this.timer === null) return
      clearInterval(this.timer)
      this.timer = null
      this.known = null
    }
  }

  /** Throws nothing: a database that does not answer is asked again. */
  private async check(): Promise<void> {
    // A database slower than the interval must not gather a queue of reads.
    if (this.reading) return
    this.reading = true
    const revision = await this.options.read().catch(() => null)
    this.reading = false
    if (revision === null || revision === this.known) return
    this.known = revision
    for (const listener of this.listeners) listener(revision)
  }
}
