/** The PGlite worker seen from the host's thread: started, watched, closed. */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { packageFolder } from '../package-files.js'
import { waitWithin } from '../wait-within.js'
import { missingPackage, type OptionalPart } from '../optional-package.js'
import type { WorkerMessage, WorkerOptions } from './pglite-worker.js'
import { startRelay, type RelayOptions } from './relay.js'

const EMBEDDED_DATABASE: OptionalPart = {
  part: 'The embedded database',
  packages: ['@electric-sql/pglite', '@electric-sql/pglite-socket'],
  instead: 'set DATABASE_URL (databaseUrl) to use a PostgreSQL server',
}
// A first start takes 4 to 7 seconds on two slow cores; a start that takes two minutes never ends.
const START_LIMIT_MS = 120_000
// Closing takes some 50 ms; a statement that runs for long is waited for until here.
const CLOSE_LIMIT_MS = 10_000

export interface PgliteOptions extends WorkerOptions, RelayOptions {
  /** @see packageFolder */
  assetsDir?: string | undefined
  /** How long `close` waits, ms. Default 10,000. */
  closeLimitMs?: number | undefined
}

export interface PgliteWorker {
  /** The loopback port; `null` when it serves a unix socket. */
  port: number | null
  /** @returns false when the worker did not end in time and was stopped by force (PostgreSQL recovers at the next start). Throws nothing. */
  close(): Promise<boolean>
}

/**
 * Starts PGlite in a worker thread.
 * @param onCrash called once when the worker ends without `close`; its connections have ended with it
 * @throws MissingPackageError when PGlite is not installed; Error with PostgreSQL's own words when it does not start
 */
export async function startPgliteWorker(
  { assetsDir, clusterDir, closeLimitMs = CLOSE_LIMIT_MS, ...listening }: PgliteOptions,
  onCrash: (reason: string) => void,
): Promise<PgliteWorker> {
  // The host's own loaders (tsx, tap) cost the worker a second each and are nothing that it needs.
  const worker = new Worker(path.join(packageFolder('embedded', assetsDir), 'pglite-worker.js'), {
    workerData: { clusterDir } satisfies WorkerOptions,
    execArgv: [],
    name: 'pglite',
  })
  let reason = 'it ended without a word'
  let missing: Error | null = null
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('error', (error: Error) => {
    reason = error.message
    missing = missingPackage(EMBEDDED_DATABASE, error)
  })

  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve, reject) => {
    const refuse = () => reject(missing ?? new Error(reason))
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready') resolve()
      else reason = [message.message, ...message.said].join('\n')
    })
    void exited.then(refuse)
    timer = setTimeout(() => {
      reason = `it did not start within ${START_LIMIT_MS / 1000} s`
      void worker.terminate()
    }, START_LIMIT_MS)
  }).finally(() => clearTimeout(timer))

  const relay = await startRelay(worker, listening).catch(async (error: unknown) => {
    await worker.terminate()
    throw error
  })
  let closing: Promise<boolean> | null = null
  let ended = false
  void exited.then(() => {
    ended = true
    relay.destroy()
    if (closing === null) onCrash(reason)
  })

  const close = async () => {
    if (ended) return true
    relay.stopListening()
    worker.postMessage('close')
    const inTime = await waitWithin(
      exited.then(() => true),
      { timeoutMs: closeLimitMs, overdue: () => false },
    )
    if (!inTime) await worker.terminate()
    return inTime
  }
  return { port: relay.port, close: () => (closing ??= close()) }
}
