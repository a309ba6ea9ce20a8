/** The worker thread that runs PGlite and serves it on a socket, so that no query blocks the host's event loop. */
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/**
 * `socketPath: null` = a loopback port, which `port` chooses (0 = a free one).
 * @typedef {{ clusterDir: string, socketPath: string | null, port: number, maxConnections: number }} WorkerOptions
 */
/**
 * `said`: PostgreSQL's last lines, the reason.
 * @typedef {{ type: 'listening', port: number | null } | { type: 'failed', message: string, said: string[] }} WorkerMessage
 */

// The first byte of a client's messages. @see https://www.postgresql.org/docs/18/protocol-message-formats.html (read 2026-11)
const STARTUP = 0
const BATCH_PARTS = new Set(Buffer.from('PBDEC'))
const BATCH_ENDS = new Set(Buffer.from('SQF'))
const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4)

const LINES_KEPT = 20
const STOP_LIMIT_MS = 250

/**
 * What the socket server sees of PGlite, whose one session all connections share. The server keeps others out only while a transaction is
 * open, so that two connections' Parse and Bind would mix (wrong rows); a batch that a lost connection leaves open would swallow the next
 * one's messages; and one thrown error would stop the queue for ever.
 * @see https://github.com/electric-sql/pglite/issues/1046 (read 2026-11)
 */
class ExclusiveSession {
  /** Parts of an extended query have come, its Sync has not. */
  #batchOpen = false
  #db

  /** @param {PGlite} db */
  constructor(db) {
    this.#db = db
  }

  get waitReady() {
    return this.#db.waitReady
  }

  /** Whether the connection served last keeps the session to itself. */
  isInTransaction() {
    return this.#batchOpen || this.#db.isInTransaction()
  }

  /** @template T @param {() => Promise<T>} work */
  runExclusive(work) {
    return this.#db.runExclusive(work)
  }

  /** @param {Uint8Array} message @param {{ onRawData: (data: Uint8Array) => void }} options */
  async execProtocolRawStream(message, options) {
    const type = message[0] ?? STARTUP
    if (BATCH_PARTS.has(type)) this.#batchOpen = true
    try {
      await this.#db.execProtocolRawStream(message, options)
    } catch (error) {
      if (type !== STARTUP) return end(error)
      options.onRawData(fatalResponse('08P01', 'the embedded database does not understand this startup message'))
    }
    if (BATCH_ENDS.has(type)) this.#batchOpen = false
  }

  /** Called with ROLLBACK when the connection that keeps the session is lost. @param {string} sql */
  async exec(sql) {
    if (this.#batchOpen) await this.#db.runExclusive(() => this.#db.execProtocolRaw(SYNC))
    this.#batchOpen = false
    if (this.#db.isInTransaction()) await this.#db.exec(sql)
  }
}

/** @param {string} code @param {string} message */
function fatalResponse(code, message) {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const header = Buffer.alloc(5)
  header.write('E')
  header.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([header, fields])
}

/** @type {PGLiteSocketServer | null} */
let listener = null

/** Before Node 20.19.4, a connection that reaches a thread that is ending aborts the whole process (v8::ToLocalChecked). */
function stopListening() {
  void listener?.stop()
}

/** Ends this thread by an uncaught error. @param {unknown} error @returns {Promise<never>} */
function end(error) {
  setImmediate(() => {
    stopListening()
    throw error
  })
  return new Promise(() => {})
}

/**
 * @param {WorkerOptions} options
 * @param {(message: WorkerMessage) => void} tell
 * @returns {Promise<() => Promise<void>>} closes the database, so that its data is on disk
 */
async function serve({ clusterDir, socketPath, port, maxConnections }, tell) {
  /** @type {string[]} */
  const said = []
  /** @param {string} line */
  const listenTo = (line) => {
    said.push(line)
    if (said.length > LINES_KEPT) said.shift()
    // PGlite catches the exception that follows and calls the dead database again, for ever: this is the one chance to stop.
    if (line.startsWith('Aborted(')) {
      tell({ type: 'failed', message: 'PostgreSQL has panicked', said })
      stopListening()
      process.exit(1)
    }
    return false
  }
  const db = await PGlite.create({ dataDir: clusterDir, onStdout: listenTo, onStderr: listenTo }).catch((error) => {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error), said })
    process.exit(1)
  })
  const server = new PGLiteSocketServer({
    db: /** @type {PGlite} */ (/** @type {unknown} */ (new ExclusiveSession(db))),
    maxConnections,
    ...(socketPath === null ? { host: '127.0.0.1', port } : { path: socketPath }),
  })
  listener = server
  await server.start()
  tell({ type: 'listening', port: socketPath === null ? Number(server.getServerConn().split(':').at(-1)) : null })
  return async () => {
    // A connection that comes at this very moment is never read, and the server would wait for its end for ever.
    await Promise.race([server.stop(), delay(STOP_LIMIT_MS)])
    await db.close()
  }
}

if (parentPort !== null) {
  const parent = parentPort
  const close = await serve(workerData, (message) => parent.postMessage(message))
  // Whatever the message, it means: close.
  parent.once('message', async () => {
    await close()
    process.exit(0)
  })
}
