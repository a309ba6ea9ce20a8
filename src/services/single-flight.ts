/** SingleFlight: work of which there is one at a time: who asks for it while it goes on shares it. */

export class SingleFlight<T> {
  /** The work in progress; `null` when there is none. */
  running: Promise<T> | null = null

  constructor(private readonly work: () => Promise<T>) {}

  /** @throws what the work throws */
  run(): Promise<T> {
    if (this.running !== null) return this.running
    const running = this.work().finally(() => {
      if (this.running === running) this.running = null
    })
    this.running = running
    return running
  }

  /** Who asks from now on gets work of its own: what is under way may have read what has changed since. */
  forget(): void {
    this.running = null
  }
}
