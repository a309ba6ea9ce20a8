/** Ctrl-C and SIGTERM: the first ends the work in order, the second ends the process, and so does a while without an end. */
import { constants } from 'node:os'
import { CancelledError } from '../../errors.js'

// Cancelling and closing take 5 seconds at most; whatever takes longer hangs.
const END_LIMIT_MS = 10_000
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export interface Interruption {
  readonly signal: AbortSignal
  /** 130 for Ctrl-C, 143 for SIGTERM; `null`: nothing came. */
  readonly exitCode: number | null
  dispose(): void
}

/** @param tell called with a line for the person who waits */
export function listenForInterruption(tell: (line: string) => void): Interruption {
  const abort = new AbortController()
  let exitCode: number | null = null
  const onSignal = (name: (typeof SIGNALS)[number]): void => {
    const code = 128 + constants.signals[name]
    // Whatever is open is safe: a transaction that was not committed is none.
    if (exitCode !== null) process.exit(code)
    exitCode = code
    tell('Interrupted: what is not applied yet will not be; once more ends at once')
    setTimeout(() => end(name), END_LIMIT_MS).unref()
    abort.abort(new CancelledError('the run was cancelled on the command line'))
  }
  const end = (name: (typeof SIGNALS)[number]): void => {
    // Not process.exit(), which waits for a call to the file system that never returns.
    process.off(name, onSignal)
    process.kill(process.pid, name)
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode
    },
    dispose: () => {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
