/** The worker thread that runs PGlite and serves the connections that `relay.ts` hands over, so that no query blocks the host's event loop. */
import { Duplex } from 'node:stream'
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketHandler, PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** @typedef {{ clusterDir: string }} WorkerOptions */
/**
 * `said`: PostgreSQL's last lines, the reason.
 * @typedef {{ type: 'ready' } | { type: 'failed', message: string, said: string[] }} WorkerMessage
 */

// The first byte of a client's messages. @see https://www.postgresql.org/docs/18/protocol-message-formats.html (read 2026-11)
const STARTUP = 0
const BATCH_PARTS = new Set(Buffer.from('PBDEC'))
const BATCH_ENDS = new Set(Buffer.from('SQF'))
const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4)

const LINES_KEPT = 20

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

/** Ends this thread by an uncaught error. @param {unknown} error @returns {Promise<never>} */
function end(error) {
  setImmediate(() => {
    throw error
  })
  return new Promise(() => {})
}

/** A connection that the host's thread has accepted, as much of a socket as its handler uses. @param {MessagePort} port */
function socketOf(port) {
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      const copy = Uint8Array.from(chunk)
      port.postMessage(copy, [copy.buffer])
      done()
    },
    destroy(error, done) {
      port.close()
      done(error)
    },
  })
  port.on('message', (data) => socket.push(Buffer.from(data.buffer)))
  port.once('close', () => socket.destroy())
  return /** @type {import('node:net').Socket} */ (Object.assign(socket, { setNoDelay: () => socket }))
}

/**
 * @param {WorkerOptions} options
 * @param {(message: WorkerMessage) => void} tell
 * @returns takes connections; `close` closes the database, so that its data is on disk
 */
async function serve({ clusterDir }, tell) {
  /** @type {string[]} */
  const said = []
  /** @param {string} line */
  const listenTo = (line) => {
    said.push(line)
    if (said.length > LINES_KEPT) said.shift()
    // PGlite catches the exception that follows and calls the dead database again, for ever: this is the one chance to stop.
    if (line.startsWith('Aborted(')) {
      tell({ type: 'failed', message: 'PostgreSQL has panicked', said })
      process.exit(1)
    }
    return false
  }
  const db = await PGlite.create({ dataDir: clusterDir, onStdout: listenTo, onStderr: listenTo }).catch((error) => {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error), said })
    process.exit(1)
  })
  const session = /** @type {PGlite} */ (/** @type {unknown} */ (new ExclusiveSession(db)))
  // Never started: the queue that it makes, and does not show, is all that is wanted of it.
  const queryQueue = Reflect.get(new PGLiteSocketServer({ db: session }), 'queryQueue')
  /** @type {Set<PGLiteSocketHandler>} */
  const handlers = new Set()
  return {
    /** @param {MessagePort} port */
    connect(port) {
      const handler = new PGLiteSocketHandler({ queryQueue, closeOnDetach: true })
      handlers.add(handler)
      for (const end of ['error', 'close']) handler.addEventListener(end, () => handlers.delete(handler))
      void handler.attach(socketOf(port))
    },
    async close() {
      await Promise.all([...handlers].map((handler) => handler.detach(true)))
      await db.close()
    },
  }
}

if (parentPort !== null) {
  const parent = parentPort
  /** @param {WorkerMessage} message */
  const tell = (message) => parent.postMessage(message)
  const { connect, close } = await serve(workerData, tell)
  // Whatever is no connection means: close.
  parent.on('message', async (message) => {
    if (message instanceof MessagePort) return connect(message)
    await close()
    process.exit(0)
  })
  tell({ type: 'ready' })
}
