/** Turns what a subscription has not been told into messages that wait in the database, in the one transaction that notes them as told. */
import { createHash, randomUUID } from 'node:crypto'
import { addDays, daysUntil, dueWarning, WARNING_DAYS } from '../../core/model/deprecation.js'
import type { DeprecationRecord } from '../../core/records/deprecation-record.js'
import type { NewsChange, NewsSubscription } from '../../core/news/subscription.js'
import { describeTokenCost } from '../../core/model/price-text.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import {
  listDeprecations,
  type DeprecationPosition,
  type DeprecationRow,
} from '../../store/models/read-deprecations.js'
import { readRevision } from '../../store/revision.js'
import {
  moveCursors,
  noteTold,
  readDoubtingRuns,
  readFailedRuns,
  readDriftingMembers,
  readUntoldChanges,
  type UntoldChange,
} from '../../store/news/read-untold.js'
import { pauses } from '../../pauses.js'
import { insertDeliveries, type Attempts, type Delivery } from '../../store/news/deliveries.js'

const HOUR_MS = 3_600_000
// How late the end of a run may be on record, and its transaction seen, ms.
const LATE_MS = 10 * 60_000
// Of one reading; a larger run is told in several messages.
const MOST_CHANGES = 20_000
// Of one message: a webhook takes all changes, in parts of a size that receivers like; whoever reads wants the first few and the counts.
const CHANGES_PER_MESSAGE = 200
// A statement's JSON is written in one go.
const DELIVERIES_AT_ONCE = 5

export interface NewsCollectorOptions {
  now(): number
}

const ENDING_AT_ONCE = 2000

/** By kind: the state of which all is told once the transaction is committed. */
type Settled = Map<'deprecation' | 'doubt' | 'drift', string>

export class NewsCollector {
  /** By subscription and kind: the state of which all has been told. */
  private readonly settled = new Map<string, string>()

  constructor(private readonly options: NewsCollectorOptions) {}

  /** @param pooled its transactions prove that nobody else is at it. @throws what the database throws */
  async collect(pooled: PooledDatabase, subscription: NewsSubscription, claim: Attempts): Promise<void> {
    const { name } = subscription
    // Until it is committed.
    const settling: Settled = new Map()
    await pooled.transaction(async (database) => {
      const deliveries = [
        ...(await this.changes(database, subscription)),
        ...(await this.warnings(database, subscription, settling)),
        ...(await this.doubts(database, subscription, claim, settling)),
        ...(await this.failures(database, subscription, claim)),
        ...(await this.drift(database, subscription, claim, settling)),
      ]
      for (let from = 0; from < deliveries.length; from += DELIVERIES_AT_ONCE)
        await insertDeliveries(database, subscription.name, deliveries.slice(from, from + DELIVERIES_AT_ONCE))
    })
    for (const [kind, state] of settling) this.settled.set(`${kind} ${name}`, state)
  }

  private async changes(database: Database, { name, target, wants }: NewsSubscription): Promise<Delivery[]> {
    const untold = await readUntoldChanges(database, {
      subscription: name,
      limit: MOST_CHANGES,
    })
    await moveCursors(database, name, untold)
    // What upstream says beneath a pin is on record, but nothing that anybody reads has changed.
    const wanted: UntoldChange[] = []
    const rest = pauses()
    for (const change of untold) {
      const pause = rest()
      if (pause !== undefined) await pause
      const { kind, field, provider, modelId } = change
      if (field?.startsWith('upstream.') === true) continue
      if (wants.kind(kind) && wants.provider(provider) && wants.model(modelId)) wanted.push(change)
    }
    return [...groupByRun(wanted)].flatMap(([runId, changes]) => {
      const counts = countKinds(changes)
      return this.inParts(target, changes, (shown, part) =>
        this.message('models.changed', { runId, counts, ...part, changes: shown.map(toNews) }),
      )
    })
  }

  private async warnings(
    database: Database,
    { name, target, wants }: NewsSubscription,
    settling: Settled,
  ): Promise<Delivery[]> {
    if (!wants.kind('deprecation')) return []
    const today = this.iso().slice(0, 10)
    // The catalogue's, and the day.
    const state = `${await readRevision(database)} ${today}`
    // Each few seconds, and nothing that it depends on has changed.
    if (this.settled.get(`deprecation ${name}`) === state) return []
    const until = addDays(today, Math.max(...WARNING_DAYS))
    const models: DeprecationRecord[] = []
    let page: DeprecationRow[]
    let after: DeprecationPosition | null = null
    do {
      page = await listDeprecations(database, { filter: { from: today, until }, after, limit: ENDING_AT_ONCE })
      const due = page
        .filter(({ provider, modelId }) => wants.provider(provider) && wants.model(modelId))
        .map((model) => ({
          key: `deprecation:${model.rowId}:${model.deprecationDate}:${dueWarning(model.deprecationDate, today)}`,
          at: this.iso(),
          model,
        }))
      const told = await noteTold(database, name, due, null)
      for (const { key, model } of due) {
        const { rowId: _, ...ending } = model
        if (told.has(key)) models.push({ ...ending, daysLeft: daysUntil(model.deprecationDate, today) })
      }
      const last = page.at(-1)
      if (last !== undefined) after = { date: last.deprecationDate, rowId: last.rowId }
    } while (page.length === ENDING_AT_ONCE && models.length < MOST_CHANGES)
    // The rest is told with the next round.
    if (page.length < ENDING_AT_ONCE) settling.set('deprecation', state)
    return this.inParts(target, models, (shown, part) =>
      this.message('models.deprecating', { ...part, count: models.length, models: shown }),
    )
  }

  /** Of a list for people only the first part is sent. */
  private inParts<T>(
    target: NewsSubscription['target'],
    rows: readonly T[],
    send: (shown: T[], part: { part: number; parts: number }) => Delivery,
  ): Delivery[] {
    const all = Math.ceil(rows.length / CHANGES_PER_MESSAGE)
    const parts = target.type === 'webhook' ? all : Math.min(1, all)
    return Array.from({ length: parts }, (_, index) => {
      const from = index * CHANGES_PER_MESSAGE
      return send(rows.slice(from, from + CHANGES_PER_MESSAGE), { part: index + 1, parts })
    })
  }

  /** What a run has brought that price books say otherwise. */
  private async doubts(
    database: Database,
    { name, wants }: NewsSubscription,
    { createdAt }: Attempts,
    settling: Settled,
  ): Promise<Delivery[]> {
    if (!wants.kind('doubt')) return []
    // Runs that ended before are told.
    const since = this.settled.get(`doubt ${name}`) ?? this.iso(-24 * HOUR_MS)
    const runs = await readDoubtingRuns(database, createdAt > since ? createdAt : since)
    settling.set('doubt', this.iso(-LATE_MS))
    const keyed = runs
      .map((run) => {
        const doubts = run.doubts.filter(({ modelId }) => wants.model(modelId))
        return { ...run, doubts, newDoubts: doubts.length < run.doubts.length ? doubts.length : run.newDoubts }
      })
      .filter(({ provider, doubts }) => wants.provider(provider) && doubts.length > 0)
      .map((run) => ({ key: `doubt:${run.runId}:${run.provider}`, at: run.finishedAt, run }))
    const told = await noteTold(database, name, keyed, null)
    return keyed
      .filter(({ key }) => told.has(key))
      .map(({ run: { runId, provider, newDoubts: count, doubts } }) =>
        this.message('models.doubted', { runId, provider, count, doubts }),
      )
  }

  /** The same line is told once a day at most. */
  private async failures(
    database: Database,
    { name, wants }: NewsSubscription,
    { createdAt }: Attempts,
  ): Promise<Delivery[]> {
    if (!wants.kind('failure')) return []
    const yesterday = this.iso(-24 * HOUR_MS)
    const deliveries: Delivery[] = []
    for (const { runId, finishedAt, errors } of await readFailedRuns(
      database,
      createdAt > yesterday ? createdAt : yesterday,
    )) {
      const lines = [...new Set(errors)].filter((line) => wants.provider(line.slice(0, line.indexOf(':'))))
      const keyed = lines.map((line) => ({ key: `failure:${digest(line)}`, at: finishedAt, line }))
      const told = await noteTold(database, name, keyed, 24)
      const fresh = keyed.filter(({ key }) => told.has(key)).map(({ line }) => line)
      if (fresh.length > 0) deliveries.push(this.message('sync.failed', { runId, errors: fresh }))
    }
    return deliveries
  }

  /** Each member is told once, and again only when it had come back and is gone once more. */
  private async drift(
    database: Database,
    { name, wants }: NewsSubscription,
    { createdAt }: Attempts,
    settling: Settled,
  ): Promise<Delivery[]> {
    if (!wants.kind('drift')) return []
    const found = (await readDriftingMembers(database, createdAt)).filter(({ provider }) => wants.provider(provider))
    const keyed = found.map((member) => {
      const { provider, kind, listing, path, since } = member
      const id = JSON.stringify([provider, kind, listing, path, ...(kind === 'vanished' ? [since] : [])])
      return { key: `drift:${digest(id)}`, at: since, member }
    })
    const state = digest(keyed.map(({ key }) => key).join())
    if (found.length === 0 || this.settled.get(`drift ${name}`) === state) return []
    const told = await noteTold(database, name, keyed, null)
    settling.set('drift', state)
    const members = keyed.filter(({ key }) => told.has(key)).map(({ member }) => member)
    return members.length === 0 ? [] : [this.message('provider.drift', { members })]
  }

  private message(type: string, data: Record<string, unknown>): Delivery {
    return { id: randomUUID(), type, data, createdAt: this.iso() }
  }

  private iso(offsetMs = 0): string {
    return new Date(this.options.now() + offsetMs).toISOString()
  }
}

function groupByRun(changes: readonly UntoldChange[]): Map<string | null, UntoldChange[]> {
  const groups = new Map<string | null, UntoldChange[]>()
  for (const change of changes) {
    const group = groups.get(change.runId)
    if (group === undefined) groups.set(change.runId, [change])
    else group.push(change)
  }
  return groups
}

function countKinds(changes: readonly NewsChange[]): Record<string, number> {
  const models = new Map<string, Set<string>>()
  for (const { kind, modelId } of changes) models.set(kind, (models.get(kind) ?? new Set<string>()).add(modelId))
  return Object.fromEntries([...models].map(([kind, ids]) => [kind, ids.size]))
}

function toNews({ providerId: _, inputCostPerToken, outputCostPerToken, ...change }: UntoldChange): NewsChange {
  if (change.kind !== 'added') return change
  return { ...change, tokenCost: describeTokenCost({ inputCostPerToken, outputCostPerToken }) }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
