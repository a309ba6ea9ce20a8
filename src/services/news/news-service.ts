/** NewsService: tells each subscription what has changed, once, however often a server dies over it; one replica at a time. */
import { hash, randomUUID } from 'node:crypto'
import type { NewsRecord } from '../../core/news/news-record.js'
import { checkMembers } from '../../core/input/known-members.js'
import type { NewsSubscription, NewsTarget } from '../../core/news/subscription.js'
import { NotFoundError } from '../../errors.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import {
  insertDeliveries,
  nextDelivery,
  readNewsStates,
  readSubscription,
  readTargets,
  recordDelivered,
  recordFailedAttempt,
  registerSubscriptions,
  switchSubscription,
  type Attempts,
  type Delivery,
  type NewsState,
} from '../../store/news/deliveries.js'
import { NewsCollector } from './collect-news.js'
import { deliverNews, type NewsDeliveryOptions } from './deliver-news.js'
import { NewsDeliveryProblem } from './delivery-error.js'
import { pauseBeforeRetry, reasonToGiveUp } from './delivery-retry.js'
import type { SecretDigests } from '../secret-digests.js'
import type { Fence } from '../../store/work/fence.js'
import type { Claim } from '../work/claim.js'
import type { Conclusion } from '../work/held-claims.js'
import type { WorkService } from '../work/work-service.js'
import type { SyncLog } from '../log.js'

export interface NewsServiceOptions extends NewsDeliveryOptions {
  database: PooledDatabase
  log: SyncLog
  digests: SecretDigests
  subscriptions: readonly NewsSubscription[]
  work: Pick<WorkService, 'register' | 'ask' | 'hasten'>
  /** 0 up to 1. */
  random(): number
}

// Whoever changes something wakes the news; this is for a process that died over it, and for a new day's deprecations.
const POLL_MS = 60_000
const RETRY_MS = 5000
// Of one attempt, in timeouts.
const ATTEMPT_TIMEOUTS = 2

/** While it holds, nobody else sends the same. */
export interface NewsClaim extends Fence {
  readonly signal: AbortSignal
}

export class NewsService {
  private readonly closing = new AbortController()
  private readonly attending = new Set<Promise<unknown>>()
  private readonly database: Database
  private readonly collector: NewsCollector

  constructor(private readonly options: NewsServiceOptions) {
    this.database = options.database
    this.collector = new NewsCollector(options)
    for (const name of this.names)
      options.work.register(kindOf(name), { most: 1, carryOut: (claim) => this.carryOut(name, claim) })
  }

  /** Notes where new subscriptions begin: before anything of this process changes the catalogue. @throws what the database throws */
  async register(): Promise<void> {
    const { subscriptions, digests } = this.options
    if (subscriptions.length === 0) return
    const targets = await readTargets(this.database, this.names)
    const known = subscriptions.map(({ name, target }) => {
      const row = digests.row('news_subscriptions', name)
      const stored = targets.get(name)
      return {
        name,
        target: row.of('target', digest(target)),
        // Also by a key that was replaced since: who is told what is as it was.
        same: stored !== undefined && row.matches(stored, 'target', digest(target)),
      }
    })
    await registerSubscriptions(this.database, known, this.iso())
  }

  /** From now on the replicas look for news. @throws what the database throws */
  async start(): Promise<void> {
    for (const name of this.names) await this.options.work.ask({ kind: kindOf(name), key: name, asked: null })
  }

  /** Whichever replica is first looks for news at once. Throws nothing. */
  async wake(): Promise<void> {
    await Promise.all(this.names.map((name) => this.options.work.hasten(kindOf(name), name)))
  }

  /** Ends what is being sent; another replica, or the next start, sends it again. */
  async close(): Promise<void> {
    this.closing.abort()
    await Promise.allSettled(this.attending)
  }

  /** Every subscription, by name. */
  async list(): Promise<NewsRecord[]> {
    const states = await readNewsStates(this.database, this.names)
    return states.flatMap((state) => {
      const target = this.options.subscriptions.find(({ name }) => name === state.name)?.target
      return target === undefined ? [] : [{ ...state, type: target.type, target: shown(target), state: stateOf(state) }]
    })
  }

  /** On: tried at once, with all that has happened meanwhile; off: until it is switched on again. @throws NotFoundError */
  async change(name: string, change: { enabled: boolean }): Promise<NewsRecord> {
    checkMembers('news.change', change, { enabled: true })
    const { enabled } = change
    this.find(name)
    await switchSubscription(this.database, { name, enabled, at: this.iso() })
    await this.wake()
    return this.get(name)
  }

  private async carryOut(name: string, claim: Claim): Promise<Conclusion> {
    const { log, now } = this.options
    const attending = this.attend(name, claim)
    this.attending.add(attending)
    try {
      return { nextDueAt: await attending }
    } catch (error) {
      if (!claim.isLost) log.warn({ err: error, subscription: name }, 'The news could not be read; trying again')
      return { nextDueAt: now() + RETRY_MS }
    } finally {
      this.attending.delete(attending)
    }
  }

  /** Queues a message that says nothing. @throws NotFoundError */
  async test(name: string): Promise<NewsRecord> {
    this.find(name)
    await insertDeliveries(this.database, name, [
      { id: randomUUID(), type: 'news.test', data: {}, createdAt: this.iso() },
    ])
    await this.wake()
    return this.get(name)
  }

  /**
   * Whatever is due is collected and sent, while the claim holds.
   * @returns when to look again, ms since 1970
   * @throws LeaseLostError; what the database throws
   */
  async attend(name: string, claim: NewsClaim): Promise<number> {
    const database = this.options.database.fenced(claim)
    const state = await readSubscription(database, name)
    const { now } = this.options
    if (state.isDisabled) return now() + POLL_MS
    if (state.nextAttemptAt !== null && Date.parse(state.nextAttemptAt) > now()) return Date.parse(state.nextAttemptAt)
    return this.serve(this.find(name), state, { database, signals: [this.closing.signal, claim.signal] })
  }

  /** In order; one that does not arrive keeps those behind it waiting. */
  private async serve(
    subscription: NewsSubscription,
    state: Attempts,
    { database, signals }: { database: PooledDatabase; signals: readonly AbortSignal[] },
  ): Promise<number> {
    const { now } = this.options
    const { name } = subscription
    const isOver = (): boolean => signals.some(({ aborted }) => aborted)
    await this.collector.collect(database, subscription, state)
    for (let attempts = state; ; attempts = { ...state, failedAttempts: 0, failingSince: null }) {
      const message = isOver() ? null : await nextDelivery(database, name)
      if (message === null) return isOver() ? now() : now() + POLL_MS
      try {
        await this.attempt(subscription.target, message, signals)
      } catch (error) {
        if (!(error instanceof NewsDeliveryProblem)) throw error
        // Cut off by us: nobody's failure.
        if (isOver()) return now()
        return this.putOff(database, attempts, error)
      }
      await database.transaction((transaction) =>
        recordDelivered(transaction, { name, id: message.id, at: this.iso() }),
      )
    }
  }

  /** @returns when it is tried again, ms since 1970 */
  private async putOff(database: PooledDatabase, state: Attempts, problem: NewsDeliveryProblem): Promise<number> {
    const { log, now, random } = this.options
    const { name } = state
    const disabledReason = reasonToGiveUp(state, problem, now())
    const pauseMs = pauseBeforeRetry(state, problem, random())
    const nextAttemptAt = now() + pauseMs
    await database.transaction((transaction) =>
      recordFailedAttempt(transaction, name, {
        at: this.iso(),
        error: problem.message,
        nextAttemptAt: new Date(nextAttemptAt).toISOString(),
        disabledReason,
      }),
    )
    const facts = { subscription: name, reason: problem.message }
    if (disabledReason === null) log.warn({ ...facts, retryInMs: pauseMs }, 'News did not arrive; trying again')
    else
      log.error(
        { ...facts, disabledReason },
        `News is no longer sent: PATCH /models/news/${name} {"enabled": true} tries again, and nothing is lost`,
      )
    return nextAttemptAt
  }

  /** @throws NewsDeliveryProblem */
  private async attempt(target: NewsTarget, message: Delivery, signals: readonly AbortSignal[]): Promise<void> {
    // Not AbortSignal.any(): on Node 20 it stays reachable from a signal that lives as long as the server.
    const ended = new AbortController()
    const cut = (): void => ended.abort()
    for (const signal of signals) signal.addEventListener('abort', cut, { once: true })
    if (signals.some(({ aborted }) => aborted)) cut()
    const timer = setTimeout(cut, this.options.timeoutMs * ATTEMPT_TIMEOUTS)
    try {
      await deliverNews(this.options, target, message, ended.signal)
    } finally {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', cut)
    }
  }

  private get names(): string[] {
    return this.options.subscriptions.map(({ name }) => name)
  }

  private find(name: string): NewsSubscription {
    const found = this.options.subscriptions.find((subscription) => subscription.name === name)
    if (found !== undefined) return found
    throw new NotFoundError(`there is no subscription "${name}"; expected one of ${this.names.join(', ') || 'none'}`)
  }

  private async get(name: string): Promise<NewsRecord> {
    const found = (await this.list()).find((record) => record.name === name)
    if (found === undefined) throw new NotFoundError(`the subscription "${name}" is not on record`)
    return found
  }

  private iso(offsetMs = 0): string {
    return new Date(this.options.now() + offsetMs).toISOString()
  }
}

/** One kind for each, so that a replica takes those alone that it knows. */
function kindOf(name: string): string {
  return `news ${name}`
}

function stateOf({ disabledAt, failingSince }: NewsState): NewsRecord['state'] {
  if (disabledAt !== null) return 'disabled'
  return failingSince === null ? 'active' : 'failing'
}

function shown(target: NewsTarget): string {
  if (target.type !== 'email') return new URL(target.url).host
  return target.to.length === 1 ? '1 person' : `${target.to.length} people`
}

function digest(target: NewsTarget): string {
  return hash('sha256', JSON.stringify(target), 'base64url')
}
