/** The embedded database: PGlite in a worker thread, served on a local socket, for one process at a time. */
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type pg from 'pg'
import { DatabaseError, MissingPackageError, OptionsError } from '../errors.js'
import { CLUSTER_ADVICE, prepareClusterFolder } from './cluster-folder.js'
import { lockDataDirectory, type DataDirectoryLock } from './data-directory-lock.js'
import type { EmbeddedLog } from './embedded-log.js'
import { startLastingWorker } from './lasting-worker.js'
import { syncFolder } from './sync-folder.js'

// They all wait for one session, so more would only wait in more places.
const POOL_CONNECTIONS = 10
// The rest is for connections that are about to end when the pool opens their successors; one too many is cut off without an error message.
const SOCKET_CONNECTIONS = 32
const PASSWORD_BYTES = 24

export interface EmbeddedDatabase {
  /**
   * For `new pg.Pool`. All connections share one session: a transaction keeps the others waiting, `SET` and named statements leak from one to
   * the others, `statement_timeout` has no effect.
   */
  connectionConfig: pg.PoolConfig
  /** `host:port` on Windows. */
  socketPath: string
  /** Tells other processes where this one serves HTTP. @throws the file system's error */
  describe(details: { url: string }): Promise<void>
  /** Flushes everything to the disk and lets go of the data directory. End the pool first. Idempotent. Throws nothing. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  dataDir: string
  log: EmbeddedLog
  /** @see packageFolder */
  assetsDir?: string | undefined
  /** How long `close` waits for a statement that runs, ms. Default 10,000. */
  closeLimitMs?: number | undefined
}

/**
 * Starts the embedded database; the first time it makes the cluster, which takes some seconds.
 * If it ends by itself later (a full disk), that is logged, its connections fail, and it is started again.
 * @param options.dataDir made with mode 0700 where missing; the cluster lies in its folder `pglite`
 * @throws DataDirectoryInUseError when another process holds the data directory, or this one already does
 * @throws MissingPackageError when PGlite is not installed
 * @throws DatabaseError when the directory cannot be written, or the cluster does not open
 */
export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const lock = await lockDataDirectory(options.dataDir, options.log)
  try {
    return await start(lock, options)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function start(
  lock: DataDirectoryLock,
  { log, assetsDir, closeLimitMs }: EmbeddedOptions,
): Promise<EmbeddedDatabase> {
  const cluster = await prepareClusterFolder(lock.dataDir, lock.shared)
  // A socket lies in a folder that only this user enters; whoever has the machine reaches a port.
  const password = lock.socketPath === null ? randomBytes(PASSWORD_BYTES).toString('base64url') : null
  const startedAt = performance.now()
  if (cluster.isNew)
    log.info({ folder: cluster.path }, 'Creating the embedded database, which takes some seconds the first time')
  // Files bear the kernel's time, which may be a tick of 10 ms behind.
  const changedFrom = cluster.isNew ? 0 : Date.now() - 10
  const worker = await startLastingWorker(
    {
      clusterDir: cluster.path,
      socketPath: lock.socketPath,
      port: 0,
      password,
      maxConnections: SOCKET_CONNECTIONS,
      assetsDir,
      closeLimitMs,
    },
    log,
  ).catch((cause: Error) => {
    if (cause instanceof MissingPackageError || cause instanceof OptionsError) throw cause
    const message = `The embedded database in ${cluster.path} does not start: ${cause.message}\n${CLUSTER_ADVICE}`
    throw Object.assign(new DatabaseError(message), { cause })
  })
  await cluster.finished()
  log.info({ folder: cluster.path, startMs: Math.round(performance.now() - startedAt) }, 'Embedded database started')

  const close = async () => {
    if (!(await worker.close()))
      log.warn({ folder: cluster.path }, 'The embedded database did not close in time and was stopped by force')
    await syncFolder(cluster.path, changedFrom).catch((error: Error) =>
      log.warn({ folder: cluster.path, reason: error.message }, 'The embedded database was not flushed to the disk'),
    )
    await lock.release()
  }
  let closed: Promise<void> | null = null
  const host = lock.socketPath === null ? '127.0.0.1' : path.dirname(lock.socketPath)
  const port = worker.port ?? 5432
  return {
    // Everything that pg would else take from PG… variables, which are meant for another server.
    connectionConfig: {
      ...{ host, port, user: 'postgres', database: 'postgres', ssl: false, max: POOL_CONNECTIONS },
      ...(password === null ? {} : { password }),
    },
    socketPath: lock.socketPath ?? `${host}:${port}`,
    describe: (details) => lock.describe(details),
    close: () => (closed ??= close()),
  }
}
