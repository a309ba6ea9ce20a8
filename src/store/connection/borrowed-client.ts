/** BorrowedClient: one client out of a pool, which is given back, or cut off when it keeps its user waiting for too long. */
import type { PoolClient, QueryResult, QueryResultRow } from 'pg'
import { because } from '../../core/records/problem.js'
import { DatabaseError } from '../../errors.js'
import { sqlStateOf } from './sql-state.js'
import { ask } from './ask.js'
import { waitWithin } from '../../wait-within.js'
import { cancelStatement } from './cancel-statement.js'
import type { DatabasePool, PoolBounds } from './database-pool.js'

const UNBOUNDED: PoolBounds = { timeoutMs: null, signals: [] }
// After a COMMIT that was cut off nobody knows whether it took place; a server that answers at all has answered by then.
const COMMIT_GRACE_MS = 1000
// Nobody waits for what is left to roll back.
const ROLLBACK_TIMEOUT_MS = 5000

/**
 * Lends a client to `use`, within the pool's bounds.
 * @throws what `use` throws; DatabaseError when a client or an answer takes too long; the reason of the signal that ended it
 */
export async function borrow<T>(pool: DatabasePool, use: (client: BorrowedClient) => Promise<T>): Promise<T> {
  const bounds = pool.bounds ?? UNBOUNDED
  const over = bounds.signals.find(({ aborted }) => aborted)
  if (over !== undefined) throw over.reason
  const left = bounds.borrowers?.enter()
  try {
    return await borrowWithin(pool, bounds, use)
  } finally {
    left?.()
  }
}

async function borrowWithin<T>(
  pool: DatabasePool,
  bounds: PoolBounds,
  use: (client: BorrowedClient) => Promise<T>,
): Promise<T> {
  const leave = await takeTurn(bounds)
  try {
    const connecting = pool.connect().catch(throwAsOurs)
    const raw = await waitWithin(connecting, {
      ...bounds,
      late: (client) => client.release(),
      overdue: (ms: number) => {
        throw new DatabaseError(`no database connection became free within ${ms / 1000} s`)
      },
    })
    const client = new BorrowedClient(raw, bounds)
    try {
      return await client.untilCut(use(client))
    } finally {
      client.giveBack()
    }
  } finally {
    leave()
  }
}

/** @returns ends the turn */
async function takeTurn({ limit, signals }: PoolBounds): Promise<() => void> {
  if (limit === undefined) return () => undefined
  const turn = new Promise<() => void>((granted) => void limit(() => new Promise<void>(granted)))
  return waitWithin(turn, { signals, late: (leave) => leave() })
}

export class BorrowedClient {
  /** Why the client cannot be given back to others. */
  private broken: Error | null = null
  private returned = false
  private cutting = false
  private statements = 0
  private committing = false
  private stop!: (reason: Error) => void
  private readonly stopped = new Promise<never>((_resolve, reject) => (this.stop = reject))

  constructor(
    /** For the host's hooks. */
    readonly raw: PoolClient,
    private readonly bounds: PoolBounds,
  ) {
    this.stopped.catch(() => undefined)
    raw.on('error', this.onError)
    for (const signal of bounds.signals) signal.addEventListener('abort', this.onAbort, { once: true })
    if (bounds.signals.some(({ aborted }) => aborted)) this.onAbort()
  }

  /** @throws what the database throws; DatabaseError when it gives no answer in time; why the client was cut off */
  async query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>> {
    return this.send<Row>(text, values, this.bounds.timeoutMs)
  }

  async commit(): Promise<void> {
    this.committing = true
    try {
      await this.send('COMMIT', undefined, this.bounds.timeoutMs)
    } finally {
      this.committing = false
    }
  }

  /** Throws nothing: a client that cannot roll back is closed, which does the same. */
  async rollback(): Promise<void> {
    await this.send('ROLLBACK', undefined, ROLLBACK_TIMEOUT_MS).catch((error: Error) => (this.broken ??= error))
  }

  /** The same, but rejects as soon as the client is cut off, whatever `work` waits for. */
  untilCut<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.stopped, work])
  }

  /** Ends what the client does, for its user at once; nobody else gets this client. */
  cut(reason: Error): void {
    if (this.returned || this.cutting) return
    this.broken = reason
    this.cutting = true
    const close = (): void => {
      this.cutting = false
      this.giveBack()
      // A polite end waits for the other side, which may never answer.
      ;(this.raw as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
    }
    if (this.statements === 0) close()
    // A pooler knows whose statement to cancel only as long as the connection is there.
    else void cancelStatement(this.raw).then(close)
    this.stop(reason)
  }

  /** Idempotent. */
  giveBack(): void {
    if (this.returned || this.cutting) return
    this.returned = true
    for (const signal of this.bounds.signals) signal.removeEventListener('abort', this.onAbort)
    this.raw.off('error', this.onError)
    this.raw.release(this.broken ?? undefined)
  }

  private async send<Row extends QueryResultRow>(
    text: string,
    values: unknown[] | undefined,
    timeoutMs: number | null,
  ): Promise<QueryResult<Row>> {
    if (this.returned || this.cutting)
      throw this.broken ?? new Error('a statement came after its connection had been given back')
    const timer = timeoutMs === null ? undefined : setTimeout(() => this.cut(noAnswer(text, timeoutMs)), timeoutMs)
    this.statements += 1
    try {
      return await this.untilCut(ask<Row>(this.raw, text, values).catch(throwAsOurs))
    } finally {
      this.statements -= 1
      clearTimeout(timer)
    }
  }

  private readonly onError = (error: Error): void => {
    this.broken = error
  }

  private readonly onAbort = (): void => {
    const reason = this.bounds.signals.find(({ aborted }) => aborted)?.reason as Error
    if (this.committing) setTimeout(() => this.cut(reason), COMMIT_GRACE_MS).unref()
    else this.cut(reason)
  }
}

/** What comes from the database says so, whatever class its error has in the host's pg. */
function throwAsOurs(error: Error): never {
  const { message: said } = error
  throw because(error, { code: 'database', facts: { sqlState: sqlStateOf(error), step: 'apply', said, refused: true } })
}

function noAnswer(text: string, timeoutMs: number): Error {
  const unknown = text === 'COMMIT' ? '; whether the transaction was committed is not known' : ''
  return new DatabaseError(
    `the database gave no answer within ${timeoutMs / 1000} s, so the connection was closed${unknown}: look for locks (pg_stat_activity) and at the network, or allow more (MODEL_SYNC_READ_TIMEOUT_MS, MODEL_SYNC_STATEMENT_TIMEOUT_MS)`,
  )
}
