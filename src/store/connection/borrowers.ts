/** Borrowers: who has a client of a pool, or waits for one, to know when the last is done. */
export class Borrowers {
  private count = 0
  private readonly waiting: (() => void)[] = []

  /** @returns called when it is done */
  enter(): () => void {
    this.count += 1
    return () => {
      this.count -= 1
      if (this.count === 0) for (const done of this.waiting.splice(0)) done()
    }
  }

  /** Resolves when there is none. */
  async gone(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }
}
