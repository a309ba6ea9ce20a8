/** Ctrl-C and SIGTERM: the first ends the work in order, the second ends the process. */
import { constants } from 'node:os'
import { CancelledError } from '../errors.js'

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
    abort.abort(new CancelledError('the run was cancelled on the command line'))
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
