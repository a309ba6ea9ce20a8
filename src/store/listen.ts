/** listenForHints: a connection of its own on which PostgreSQL says what other processes have done, where that is possible. */
import { randomUUID } from 'node:crypto'
import type { Client as PgClient, Pool } from 'pg'
import { waitWithin } from '../wait-within.js'
import type { PooledDatabase } from './database.js'

/** For all schemas of a database; what is said begins with the schema. */
export const HINT_CHANNEL = 'model_sync'

// A server that says it at all says it within milliseconds.
const PROOF_MS = 3000

export interface HintHandlers {
  /** Gets what is said on the channel. */
  heard(said: string): void
  /** The connection is gone, though nobody has ended it. */
  lost(): void
  /** Ends it. */
  signal: AbortSignal
}

/**
 * @returns false: nothing can be heard here, as through a pooler of transactions, and on PGlite
 * @throws what keeps the connection from being opened; the signal's reason
 */
export async function listenForHints(database: PooledDatabase, handlers: HintHandlers): Promise<boolean> {
  const { heard, lost, signal } = handlers
  // As the pool's own are made; a host's pool may be something else.
  const { Client, options } = (database.pool.root ?? database.pool) as Partial<Pick<Pool, 'options'>> & {
    Client?: typeof PgClient
  }
  if (Client === undefined || options === undefined) return false
  const client = new Client(options)
  let isOpen = false
  const gone = (): void => {
    signal.removeEventListener('abort', cut)
    if (isOpen && !signal.aborted) lost()
    isOpen = false
  }
  // A polite end waits for the other side, which may never answer.
  const cut = (): void => {
    ;(client as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
    gone()
  }
  signal.addEventListener('abort', cut, { once: true })
  client.on('error', cut)
  client.on('end', gone)
  try {
    signal.throwIfAborted()
    await client.connect()
    await client.query(`LISTEN ${HINT_CHANNEL}`)
    isOpen = await hearsOthers(database, client, handlers)
  } finally {
    if (!isOpen) cut()
  }
  client.on('notification', ({ payload }) => heard(payload ?? ''))
  return isOpen
}

/** Found out, since no setting says it: whether what another session says arrives here. */
async function hearsOthers(
  database: PooledDatabase,
  client: PgClient,
  { signal }: Pick<HintHandlers, 'signal'>,
): Promise<boolean> {
  const proof = randomUUID()
  const arrived = new Promise<boolean>((resolve) =>
    client.on('notification', ({ payload }) => {
      if (payload === proof) resolve(true)
    }),
  )
  await database.query('SELECT pg_notify($1, $2)', [HINT_CHANNEL, proof])
  return waitWithin(arrived, { signals: [signal], timeoutMs: PROOF_MS, overdue: () => false })
}
