/** Ctrl-C and SIGTERM: the server closes in order; one that has not started yet ends as interrupted. */
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

// Creating the embedded database cannot be cut short, but may be left unfinished: the next start makes it anew.
const STARTING_LIMIT_MS = 2000

/** The server, as much of it as is needed to stop it. */
interface Closable {
  ready: Promise<unknown>
  close(): Promise<void>
}

export interface Stopping {
  /** Whether a signal has come. */
  readonly requested: boolean
  /** What a signal closes from now on. */
  closes(backend: Closable): void
}

/** The first signal ends the process: with 0 when it had started, else with 130 (143 for SIGTERM); the second at once. */
export function stopOnSignals(): Stopping {
  let backend: Closable | null = null
  let started = false
  let requested = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const interrupted = 128 + constants.signals[signal]
    process.on(signal, () => {
      if (requested || backend === null) process.exit(interrupted)
      requested = true
      const closed = backend.close()
      const code = started ? 0 : interrupted
      void Promise.race(started ? [closed] : [closed, delay(STARTING_LIMIT_MS)]).then(() => process.exit(code))
    })
  }
  return {
    get requested() {
      return requested
    },
    closes(opened) {
      backend = opened
      opened.ready.then(
        () => (started = true),
        () => undefined,
      )
    },
  }
}
