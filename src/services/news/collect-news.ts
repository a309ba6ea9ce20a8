/** Turns what a subscription has not been told into messages that wait in the database, in the one transaction that notes them as told. */
import { createHash, randomUUID } from 'node:crypto'
import { addDays, daysUntil, dueWarning, WARNING_DAYS } from '../../core/model/deprecation.js'
import type { NewsChange, NewsSubscription } from '../../core/news/subscription.js'
import { describeTokenCost } from '../../core/model/price-text.js'
import { inTransaction, type Database, type DatabasePool } from '../../store/database.js'
import { readEndingModels } from '../../store/models/read-deprecations.js'
import {
  moveCursors,
  noteTold,
  readFailedRuns,
  readUntoldChanges,
  type UntoldChange,
} from '../../store/news/read-untold.js'
import {
  holdSubscription,
  insertDeliveries,
  type ClaimedSubscription,
  type Delivery,
} from '../../store/news/deliveries.js'

const HOUR_MS = 3_600_000
// Of one reading; a larger run is told in several messages.
const MOST_CHANGES = 20_000
// Of one message: a webhook takes all changes, in parts of a size that receivers like; whoever reads wants the first few and the counts.
const CHANGES_PER_MESSAGE = 200

export interface NewsCollectorOptions {
  pool: DatabasePool
  schema: string
  now(): number
}

export class NewsCollector {
  constructor(private readonly options: NewsCollectorOptions) {}

  /** False: the claim has run out, and nothing was written. @throws what the database throws */
  async collect(subscription: NewsSubscription, claim: ClaimedSubscription): Promise<boolean> {
    const { pool, schema } = this.options
    return inTransaction(pool, schema, async (database) => {
      if (!(await holdSubscription(database, claim))) return false
      const deliveries = [
        ...(await this.changes(database, subscription)),
        ...(await this.warnings(database, subscription)),
        ...(await this.failures(database, subscription, claim)),
      ]
      await insertDeliveries(database, subscription.name, deliveries)
      return true
    })
  }

  private async changes(database: Database, { name, target, wants }: NewsSubscription): Promise<Delivery[]> {
    const untold = await readUntoldChanges(database, {
      subscription: name,
      limit: MOST_CHANGES,
    })
    await moveCursors(database, name, untold)
    // What upstream says beneath a pin is on record, but nothing that anybody reads has changed.
    const wanted = untold.filter(
      ({ kind, field, provider, modelId }) =>
        field?.startsWith('upstream.') !== true && wants.kind(kind) && wants.provider(provider) && wants.model(modelId),
    )
    return [...groupByRun(wanted)].flatMap(([runId, changes]) => {
      const counts = countKinds(changes)
      const parts = target.type === 'webhook' ? Math.ceil(changes.length / CHANGES_PER_MESSAGE) : 1
      return Array.from({ length: parts }, (_, part) => {
        const from = part * CHANGES_PER_MESSAGE
        const shown = changes.slice(from, from + CHANGES_PER_MESSAGE).map(toNews)
        return this.message('models.changed', { runId, counts, part: part + 1, parts, changes: shown })
      })
    })
  }

  private async warnings(database: Database, { name, wants }: NewsSubscription): Promise<Delivery[]> {
    if (!wants.kind('deprecation')) return []
    const today = this.iso().slice(0, 10)
    const ending = await readEndingModels(database, { from: today, until: addDays(today, Math.max(...WARNING_DAYS)) })
    const due = ending
      .filter(({ provider, modelId }) => wants.provider(provider) && wants.model(modelId))
      .map((model) => ({
        key: `deprecation:${model.rowId}:${model.deprecationDate}:${dueWarning(model.deprecationDate, today)}`,
        at: this.iso(),
        model,
      }))
    const told = await noteTold(database, name, due, null)
    const models = due
      .filter(({ key }) => told.has(key))
      .map(({ model: { rowId: _, ...model } }) => ({ ...model, daysLeft: daysUntil(model.deprecationDate, today) }))
    return models.length === 0 ? [] : [this.message('models.deprecating', { models })]
  }

  /** The same line is told once a day at most. */
  private async failures(
    database: Database,
    { name, wants }: NewsSubscription,
    { createdAt }: ClaimedSubscription,
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
