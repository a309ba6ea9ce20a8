/** Round: a statement that is sent again and again, one at a time, and sooner when there is reason to. */
export class Round {
  private nextAt = -Infinity
  private again = false
  private running: Promise<void> | null = null

  constructor(
    private readonly options: {
      /** @returns ms until the next. Throws what the database throws */
      work(): Promise<number>
      /** ms until the next after a failure, of which somebody is told. */
      retryMs: number
      failed(error: Error): void
      /** Monotonic, ms. */
      clock(): number
    },
  ) {}

  /** Throws nothing, and waits for nothing. */
  tick(): void {
    if (this.running !== null || this.options.clock() < this.nextAt) return
    this.again = false
    this.running = this.once().finally(() => (this.running = null))
  }

  /** At the next tick, or when the one under way has ended. */
  soon(): void {
    this.again = true
    this.nextAt = -Infinity
  }

  /** Waits for the one under way. Throws nothing. */
  async ended(): Promise<void> {
    await this.running
  }

  private async once(): Promise<void> {
    const { work, retryMs, failed, clock } = this.options
    const pauseMs = await work().catch((error: Error) => {
      failed(error)
      return retryMs
    })
    if (!this.again) this.nextAt = clock() + pauseMs
  }
}
