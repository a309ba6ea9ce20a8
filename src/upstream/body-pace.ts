/** Ends a body that trickles or never ends: each of its bytes comes in time, and all of them would take for ever. */
import type { Readable } from 'node:stream'
import { HttpLimitError } from './limit-error.js'

/** Counts bytes of the body as it is sent; even a slow line brings more. */
export const MIN_BYTES_PER_SECOND = 1024
/** ms; over less, the pauses of an honest server would count. */
const MIN_WINDOW_MS = 1000

/**
 * The chunks of `body`, as long as each `windowMs` brings {@link MIN_BYTES_PER_SECOND}, and all of them no more than `maxBytes`: there are
 * compressed bodies without end that come to nothing.
 * @throws HttpLimitError; what the body throws
 */
export async function* inPace(
  body: Readable,
  { windowMs, maxBytes }: { windowMs: number; maxBytes: number },
): AsyncGenerator<Buffer> {
  const window = Math.max(windowMs, MIN_WINDOW_MS)
  let bytes = 0
  let total = 0
  let lastAt = performance.now()
  let spared = false
  const check = (): void => {
    const isSlow = bytes > 0 && bytes * 1000 < window * MIN_BYTES_PER_SECOND
    // Silence is what undici's own timeout is for, which says so; a body that is silent at each look is a trickle all the same.
    spared = isSlow && !spared && performance.now() - lastAt > windowMs / 2
    if (isSlow && !spared) body.destroy(new HttpLimitError('TOO_SLOW', window))
    bytes = 0
  }
  // A turn later, so that what has come while this process was busy counts too.
  const timer = setInterval(() => setImmediate(check), window)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      lastAt = performance.now()
      total += chunk.length
      if (total > maxBytes) throw new HttpLimitError('BODY_TOO_LARGE', maxBytes)
      yield chunk
    }
  } finally {
    clearInterval(timer)
  }
}
