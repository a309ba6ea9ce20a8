/** NewsService: tells each subscription what has changed, once, however often the server dies over it; replicas share the work. */
import { hash, randomUUID } from 'node:crypto'
import type { NewsRecord } from '../../core/news/news-record.js'
import { checkMembers } from '../../core/input/known-members.js'
import type { NewsSubscription, NewsTarget } from '../../core/news/subscription.js'
import { NotFoundError } from '../../errors.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import {
  claimSubscription,
  insertDeliveries,
  nextDelivery,
  readNewsStates,
  readTargets,
  recordDelivered,
  recordFailedAttempt,
  registerSubscriptions,
  releaseSubscription,
  switchSubscription,
  type ClaimedSubscription,
  type Delivery,
  type NewsState,
} from '../../store/news/deliveries.js'
import { NewsCollector } from './collect-news.js'
import { deliverNews, type NewsDeliveryOptions } from './deliver-news.js'
import { NewsDeliveryProblem } from './delivery-error.js'
import { pauseBeforeRetry, reasonToGiveUp } from './delivery-retry.js'
import type { SecretDigests } from '../secret-digests.js'
import { SingleFlight } from '../single-flight.js'
import type { SyncLog } from '../log.js'

export interface NewsServiceOptions extends NewsDeliveryOptions {
  database: PooledDatabase
  log: SyncLog
  digests: SecretDigests
  subscriptions: readonly NewsSubscription[]
  /** 0 up to 1. */
  random(): number
}

// How soon a message follows its change; a sync of this process does not wait for it.
const POLL_MS = 5000
// Of one attempt, in timeouts; and what the database may take beyond it until somebody else may try.
const ATTEMPT_TIMEOUTS = 2
const LEASE_MARGIN_MS = 5000

export class NewsService {
  private readonly database: Database
  private readonly collector: NewsCollector
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | null = null
  private readonly rounds = new SingleFlight(() =>
    this.round().catch((error: unknown) =>
      this.options.log.warn({ err: error }, 'The news could not be read; trying again'),
    ),
  )
  private again = false

  constructor(private readonly options: NewsServiceOptions) {
    this.database = options.database
    this.collector = new NewsCollector(options)
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

  /** From now on looks for news every 5 seconds. */
  start(): void {
    if (this.options.subscriptions.length > 0) this.plan(0)
  }

  /** Looks for news at once. Throws nothing. */
  wake(): void {
    if (this.timer === null) return
    if (this.rounds.running === null) this.plan(0)
    else this.again = true
  }

  /** Ends what is being sent; it is sent again after the next start. */
  async close(): Promise<void> {
    this.closing.abort()
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    await this.rounds.running
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
    this.wake()
    return this.get(name)
  }

  /** Queues a message that says nothing. @throws NotFoundError */
  async test(name: string): Promise<NewsRecord> {
    this.find(name)
    await insertDeliveries(this.database, name, [
      { id: randomUUID(), type: 'news.test', data: {}, createdAt: this.iso() },
    ])
    this.wake()
    return this.get(name)
  }

  /** One round: whatever is due is collected and sent. Throws nothing. */
  work(): Promise<void> {
    return this.rounds.run()
  }

  private async round(): Promise<void> {
    const done = new Set<string>()
    while (!this.closing.signal.aborted) {
      const claim = await claimSubscription(this.database, {
        names: this.names.filter((name) => !done.has(name)),
        lease: randomUUID(),
        at: this.iso(),
        until: this.iso(this.leaseMs),
      })
      if (claim === null) return
      done.add(claim.name)
      await this.serve(this.find(claim.name), claim)
    }
  }

  /** In order; one that does not arrive keeps those behind it waiting. */
  private async serve(subscription: NewsSubscription, claim: ClaimedSubscription): Promise<void> {
    if (!(await this.collector.collect(subscription, claim))) return
    for (let attempts = claim; ; attempts = { ...claim, failedAttempts: 0, failingSince: null }) {
      const message = this.closing.signal.aborted ? null : await nextDelivery(this.database, claim.name)
      if (message === null) return releaseSubscription(this.database, claim)
      try {
        await this.attempt(subscription.target, message)
      } catch (error) {
        if (!(error instanceof NewsDeliveryProblem)) throw error
        // Cut off by us: nobody's failure.
        if (this.closing.signal.aborted) return releaseSubscription(this.database, claim)
        return this.putOff(attempts, error)
      }
      const arrived = { id: message.id, at: this.iso(), until: this.iso(this.leaseMs) }
      if (!(await recordDelivered(this.database, claim, arrived))) return
    }
  }

  private async putOff(claim: ClaimedSubscription, problem: NewsDeliveryProblem): Promise<void> {
    const { log, now, random } = this.options
    const { name } = claim
    const disabledReason = reasonToGiveUp(claim, problem, now())
    const pauseMs = pauseBeforeRetry(claim, problem, random())
    await recordFailedAttempt(this.database, claim, {
      at: this.iso(),
      error: problem.message,
      nextAttemptAt: this.iso(pauseMs),
      disabledReason,
    })
    const facts = { subscription: name, reason: problem.message }
    if (disabledReason === null) log.warn({ ...facts, retryInMs: pauseMs }, 'News did not arrive; trying again')
    else
      log.error(
        { ...facts, disabledReason },
        `News is no longer sent: PATCH /models/news/${name} {"enabled": true} tries again, and nothing is lost`,
      )
  }

  private plan(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.tick(), ms).unref()
  }

  private async tick(): Promise<void> {
    this.again = false
    await this.work()
    if (!this.closing.signal.aborted) this.plan(this.again ? 0 : POLL_MS)
  }

  /** @throws NewsDeliveryProblem */
  private async attempt(target: NewsTarget, message: Delivery): Promise<void> {
    // Not AbortSignal.any(): on Node 20 it stays reachable from a signal that lives as long as the server.
    const ended = new AbortController()
    const cut = (): void => ended.abort()
    this.closing.signal.addEventListener('abort', cut, { once: true })
    const timer = setTimeout(cut, this.options.timeoutMs * ATTEMPT_TIMEOUTS)
    try {
      await deliverNews(this.options, target, message, ended.signal)
    } finally {
      clearTimeout(timer)
      this.closing.signal.removeEventListener('abort', cut)
    }
  }

  private get leaseMs(): number {
    return this.options.timeoutMs * ATTEMPT_TIMEOUTS + LEASE_MARGIN_MS
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
