/** WorkService: what the replicas have to do, shared by them through one table; it knows nothing of what the work is. */
import { randomUUID } from 'node:crypto'
import { SimpleIntervalJob, Task, type ToadScheduler } from 'toad-scheduler'
import type { ReplicaRecord } from '../../core/records/replica-record.js'
import { DatabaseError, failure } from '../../errors.js'
import { askForWork, type AskedRow, type AskedWork } from '../../store/work/ask-for-work.js'
import { claimWork } from '../../store/work/claim-work.js'
import { endAllLeases, hastenWork, releaseWork } from '../../store/work/held-work.js'
import { movePaced, planPaced, type Pace } from '../../store/work/paced-work.js'
import { readReplicas, removeReplica, showReplica, type Replica } from '../../store/work/replicas.js'
import {
  cancelLane,
  deleteEndedWork,
  leaveWork,
  readDue,
  readLane,
  type WorkInProgress,
} from '../../store/work/watched-work.js'
import { sqlStateOf } from '../../store/connection/sql-state.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import type { SyncLog } from '../log.js'
import type { Claim, LeaseTerms } from './claim.js'
import { HeldClaims, type WorkKind } from './held-claims.js'
import { Round } from './round.js'
import { Waiters, type Settled } from './waiters.js'

export interface WorkServiceOptions extends Omit<LeaseTerms, 'clock'> {
  database: PooledDatabase
  replica: Replica
  log: SyncLog
  scheduler: Pick<ToadScheduler, 'addSimpleIntervalJob' | 'removeById'>
  /** Monotonic, ms. Default `performance.now`. */
  clock?(): number
}

/** What is asked for; `lane`, `mostWaiting` and `dueInMs` default to none, any number and at once. */
export type WorkAsked = Pick<AskedWork, 'kind' | 'key' | 'asked'> &
  Partial<Pick<AskedWork, 'lane' | 'mostWaiting' | 'dueInMs'>>

// In memory: each tick sees which statements are due.
const TICK_MS = 100
// Ten statements a minute, at which an idle replica also notices what others have left.
const IDLE_MS = 5000
const WAITING_MS = 400
const RENEW_MS = 1000
const RETRY_MS = 1000
const SHOW_MS = 10_000
/** From then on a replica that has not said that it is there counts as gone. */
const ALIVE_MS = 3 * SHOW_MS
// Any replica that is there has claimed by then what was due.
const LATE_MS = 2 * IDLE_MS
const FORGET_MS = 24 * 60 * 60_000
// Who waits has seen the end long before.
const ENDED_MS = 60 * 60_000
const PRUNE_MS = 10 * 60_000
const PRUNED_AT_ONCE = 5000
// One small statement, for which whoever asked waits; a claim that comes later than its lease is of no use.
const TIMEOUT_MS = 5000
const UNIQUE_VIOLATION = '23505'
// Connections that were ended while they were idle, of which their pool has not heard yet, fail their first statement.
const ASK_ATTEMPTS = 3
const ENDED_BY_OPERATOR = '57P'

export class WorkService {
  private readonly kinds = new Map<string, WorkKind>()
  private readonly held: HeldClaims
  private readonly waiters: Waiters
  private readonly database: Database
  private readonly clock: () => number
  private readonly closing = new AbortController()
  private readonly rounds: Record<'renew' | 'look' | 'claim' | 'show' | 'prune', Round>
  private readonly jobId: string
  private ticking = false
  private freed = false

  constructor(private readonly options: WorkServiceOptions) {
    const { log, clock = () => performance.now(), replica } = options
    this.clock = clock
    this.jobId = `fastify-model-sync work ${replica.id}`
    // Without the limit of syncs, behind which a lease would run out.
    this.database = options.database.within({
      timeoutMs: TIMEOUT_MS,
      signals: options.database.pool.bounds?.signals ?? [],
    })
    this.waiters = new Waiters(this.database)
    const settled = (id: number, value: unknown): void => {
      this.waiters.settle(id, { here: true, value })
      // Whoever waits here may be next in the lane, and recurring work may be due soon.
      this.rounds.claim.soon()
    }
    this.held = new HeldClaims({ ...options, database: this.database, clock, settled })
    const round = (work: () => Promise<number>): Round =>
      new Round({
        work,
        clock,
        retryMs: RETRY_MS,
        failed: (error) => log.debug({ err: error }, 'The database refused a statement about work; trying again'),
      })
    this.rounds = {
      renew: round(() => this.renew()),
      look: round(() => this.waiters.look((id) => this.held.has(id)).then(() => WAITING_MS)),
      claim: round(() => this.claim()),
      show: round(() => showReplica(this.database, replica, FORGET_MS).then(() => SHOW_MS)),
      prune: round(() => this.prune()),
    }
  }

  /** Before {@link start}: this replica takes work of that kind. */
  register(kind: string, work: WorkKind): void {
    this.kinds.set(kind, work)
  }

  /** Takes no more of that kind; what is held goes on. */
  unregister(kind: string): void {
    this.kinds.delete(kind)
  }

  /** Says regularly that this replica is there, and takes what is due. */
  start(): void {
    this.tickOften()
  }

  /**
   * Joins an equal piece of work that has not ended and that nobody has cancelled, else asks for a new one, which begins at once when nothing in its
   * lane is before it.
   * @returns `null`: as many wait in the lane as may
   * @throws what the database throws
   */
  async ask(work: WorkAsked): Promise<Pick<AskedRow, 'id' | 'isNew'> | null> {
    const kind = this.kinds.get(work.kind)
    const { dueInMs = 0, lane = null, mostWaiting = null } = work
    const claims = kind !== undefined && !this.closing.signal.aborted
    // Nobody joins what has ended here, and could not be put on record yet.
    await this.held.flush()
    const sentAt = this.clock()
    const asked = await this.send({ ...work, lane, mostWaiting, dueInMs, claims })
    if (asked === null) return null
    if (asked.claimed !== null && kind !== undefined) this.held.begin(asked.claimed, kind, sentAt)
    this.tickOften()
    return asked
  }

  /** Recurring work comes at once, and once more when somebody is at work on it. Throws nothing: it comes at its time anyway. */
  async hasten(kind: string, key: string): Promise<void> {
    await hastenWork(this.database, { kind, key }).catch((error: unknown) =>
      this.options.log.debug({ err: error, kind }, 'The database refused to hasten work'),
    )
    this.rounds.claim.soon()
  }

  /** Work that comes again and again, always the same time apart. @returns when it is due, ms since 1970; `null`: nobody knows. @throws what the database throws */
  async plan(pace: Pace): Promise<number | null> {
    const terms = { own: this.options.replica.id, aliveMs: ALIVE_MS, lateMs: LATE_MS }
    const dueAt = await planPaced(this.database, pace, terms)
    this.rounds.claim.soon()
    return dueAt ?? (await this.nextDue(pace.kind))
  }

  /** Moves such work, while it is held, to its next time after now. @returns that, ms since 1970; `null`: it is another's. @throws what the database throws */
  moveOn(claim: Claim, everyMs: number): Promise<number | null> {
    return movePaced(this.database, claim, everyMs)
  }

  /** How it ends, wherever. @throws the reason of the signal; CancelledError when this server closes */
  waitFor(id: number, signal?: AbortSignal): Promise<Settled> {
    // What is held here ends soon, since its room closes too.
    if (this.closing.signal.aborted && !this.held.has(id)) return Promise.reject(this.closing.signal.reason as Error)
    return this.waiters.waitFor(id, signal === undefined ? [] : [signal])
  }

  /**
   * One caller does not want the outcome any more: with the last the work is cancelled, if `cancels`, and what has not begun is dropped.
   * @returns whether it was the last. Throws nothing: a database that does not answer counts as one
   */
  async leave(id: number, { cancels = true }: { cancels?: boolean } = {}): Promise<boolean> {
    return leaveWork(this.database, id, cancels).catch(() => true)
  }

  /** Asks whoever is at work in a lane to end early. @returns ids; empty: nobody is. @throws what the database throws */
  async cancel(lane: string): Promise<number[]> {
    const ids = (await cancelLane(this.database, lane)).filter((id) => this.held.get(id)?.ending !== true)
    for (const id of ids) this.held.get(id)?.askToCancel()
    return ids
  }

  /** What is in progress in a lane, on whichever replica; `null`: nothing. @throws what the database throws */
  async inProgress(lane: string): Promise<WorkInProgress | null> {
    const row = await readLane(this.database, lane)
    // What is on record of our own may be a second old.
    const progress = row === null ? undefined : this.held.get(row.id)?.progress
    return row === null || progress === undefined ? row : { ...row, progress }
  }

  /** When the next of a kind is due, ms since 1970; `null`: nothing is planned. @throws what the database throws */
  nextDue(kind: string): Promise<number | null> {
    return readDue(this.database, kind)
  }

  /** Those that are there, this one included. @throws what the database throws */
  replicas(): Promise<ReplicaRecord[]> {
    return readReplicas(this.database, ALIVE_MS)
  }

  /** For a replica that closes: lets another have the work. False: there is no other. Throws nothing. */
  async handOn(claim: Claim): Promise<boolean> {
    const ids = await this.release([claim], ALIVE_MS)
    if (ids.length === 0) return false
    this.held.handedOn(claim)
    return true
  }

  /** From now on this replica takes nothing, and whoever waits here is told that it closes; what it holds it goes on with. */
  takeNoMore(): void {
    const closing = failure({ code: 'cancelled', facts: { by: 'closing' } })
    this.closing.abort(closing)
    this.waiters.dismiss(closing, (id) => this.held.has(id))
  }

  /** Hands on what is still held. */
  async stop(): Promise<void> {
    this.takeNoMore()
    await this.held.end()
    this.waiters.dismiss(this.closing.signal.reason as Error, () => false)
    if (this.ticking) this.options.scheduler.removeById(this.jobId)
    await Promise.all(Object.values(this.rounds).map((round) => round.ended()))
    await this.release(this.held.all, null)
    if (this.ticking) await removeReplica(this.database, this.options.replica.id).catch(() => undefined)
  }

  /** For tests and simulations, whose scheduler is their own: what one tick does. */
  tick(): void {
    this.held.giveUpOverdue()
    void this.held.flush()
    this.rounds.show.tick()
    this.rounds.prune.tick()
    if (this.held.size > 0) this.rounds.renew.tick()
    if (this.waiters.size > 0) this.rounds.look.tick()
    if (!this.closing.signal.aborted && this.kinds.size > 0) this.rounds.claim.tick()
  }

  private tickOften(): void {
    if (this.ticking || this.closing.signal.aborted) return
    this.ticking = true
    const task = new Task(this.jobId, () => this.tick())
    this.options.scheduler.addSimpleIntervalJob(
      new SimpleIntervalJob({ milliseconds: TICK_MS, runImmediately: true }, task, { id: this.jobId, unref: true }),
    )
  }

  private async send(work: AskedWork): Promise<AskedRow | null> {
    const { replica: holder, leaseMs } = this.options
    // What one call asks for twice is one row.
    const terms = { call: randomUUID(), holder, leaseMs }
    let asked = work
    for (let attempt = 1; ; attempt++) {
      try {
        return await askForWork(this.database, asked, terms)
      } catch (error) {
        if (attempt === ASK_ATTEMPTS) throw error
        // Another replica has taken the lane meanwhile.
        if (sqlStateOf(error) === UNIQUE_VIOLATION) asked = { ...work, claims: false }
        else if (!isBroken(error)) throw error
      }
    }
  }

  private async renew(): Promise<number> {
    await this.held.renew()
    return Math.min(RENEW_MS, this.options.leaseMs / 3)
  }

  private async claim(): Promise<number> {
    const { replica: holder, leaseMs, alone } = this.options
    const idleMs = this.waiters.size > 0 ? WAITING_MS : Math.min(IDLE_MS, leaseMs)
    if (alone && !this.freed) await endAllLeases(this.database)
    this.freed = true
    const kinds = new Map(
      [...this.kinds]
        .map(([name, { most }]): [string, number] => [name, most - this.held.count(name)])
        .filter(([, most]) => most > 0),
    )
    if (kinds.size === 0) return WAITING_MS
    const sentAt = this.clock()
    const except = this.held.ids
    const { claimed, nextInMs } = await claimWork(this.database, { kinds, holder, leaseMs, except }).catch(
      (error: Error) => {
        if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error
        return { claimed: [], nextInMs: WAITING_MS }
      },
    )
    for (const row of claimed) this.held.begin(row, this.kinds.get(row.kind)!, sentAt)
    if (claimed.length > 0) return 0
    return Math.max(0, Math.min(idleMs, nextInMs ?? idleMs))
  }

  private async prune(): Promise<number> {
    const deleted = await deleteEndedWork(this.database, { olderThanMs: ENDED_MS, limit: PRUNED_AT_ONCE })
    return deleted === PRUNED_AT_ONCE ? RETRY_MS : PRUNE_MS
  }

  private async release(claims: readonly Claim[], aliveMs: number | null): Promise<number[]> {
    if (claims.length === 0) return []
    const holder = this.options.replica.id
    return releaseWork(this.database, claims, { holder, aliveMs }).catch(() => [])
  }
}

function isBroken(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === null ? !(error instanceof DatabaseError) : state.startsWith(ENDED_BY_OPERATOR)
}
