/** A PGlite worker that is started again when it ends by itself, as PostgreSQL does when the disk is full. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EmbeddedLog } from './embedded-log.js'
import { startPgliteWorker, type PgliteOptions, type PgliteWorker } from './pglite-thread.js'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/**
 * Starts the worker, and again with the same socket whenever it ends before `close`: after one second, then less and less often.
 * Each end, each failed attempt and the recovery are logged.
 * @throws as `startPgliteWorker` does, for the first start
 */
export async function startLastingWorker(options: PgliteOptions, log: EmbeddedLog): Promise<PgliteWorker> {
  const folder = options.clusterDir
  const closing = new AbortController()
  let again: Promise<void> | null = null
  let worker = await startPgliteWorker(options, onCrash)
  const { port } = worker

  function onCrash(reason: string): void {
    log.error({ folder, reason }, 'The embedded database has stopped; starting it again')
    again = startAgain()
  }

  async function startAgain(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      await delay(wait, null, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      try {
        worker = await startPgliteWorker({ ...options, port: port ?? 0 }, onCrash)
        log.info({ folder }, 'The embedded database runs again')
        return
      } catch (error) {
        const reason = (error as Error).message
        log.error({ folder, reason }, 'The embedded database does not start again yet; is the disk full?')
      }
    }
  }

  const close = async () => {
    closing.abort()
    await again
    return worker.close()
  }
  return { port, close }
}
