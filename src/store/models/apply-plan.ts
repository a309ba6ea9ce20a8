/** Carries a plan out: one transaction for a provider, a constant number of statements whatever the number of models. */
import type { PoolClient } from 'pg'
import { growRevision } from '../revision.js'
import { stampAfter } from '../../core/records/stamp.js'
import { changesCatalogue, type Plan } from '../../core/plan/plan.js'
import type { MarkChange } from '../../core/plan/undo-marks.js'
import { changesOf, insertChanges, type Change, type ChangeCause, type RowFacts } from '../changes/write-changes.js'
import type { LockedState } from '../providers/applied-answer.js'
import type { Database, PooledDatabase } from '../database.js'
import { insertEntries, type EntryChunk } from './upstream-entries.js'
import { lockProvider } from '../providers/provider-rows.js'
import {
  insertModels,
  renameModels,
  updateAvailability,
  updateMarks,
  updateMisses,
  updateModels,
  type WrittenModel,
} from './write-models.js'

/** What is written beside the plan's own changes. */
export interface Application {
  providerId: number
  /** Writes the provider's row. `changed`: its models are others than before; `at`: ISO 8601, when. */
  recordProvider(database: Database, changed: boolean, at: string): Promise<void>
  plan: Plan
  facts: RowFacts
  marks: readonly MarkChange[]
  runId: string
  cause: ChangeCause
  /** `sync`, or the id of a user. */
  actor: string
  /** Entries to write, read once. */
  entries: Iterable<EntryChunk> | AsyncIterable<EntryChunk>
  /** Rows to rewrite although nothing about them changed. */
  rewrite: readonly WrittenModel[]
  /** Called before the commit with the transaction's client; a throw takes everything back. Not called when nothing changes. */
  beforeCommit?: (client: PoolClient, changes: readonly Change[]) => Promise<void>
}

/**
 * @param provider whose row is locked first, and what time it is, ms since 1970
 * @param decide what to write, now that nobody else can write; `null`: nothing
 * @returns the rows of the changelog but for those of added models; `null` when there was nothing to write
 * @throws what the database or the host's hook throws; nothing is applied then
 */
export async function applyPlan(
  database: PooledDatabase,
  { providerId, now }: { providerId: number; now(): number },
  decide: (locked: LockedState, database: Database) => Promise<Application | null>,
): Promise<Change[] | null> {
  const carryOut = async (database: Database, client: PoolClient): Promise<Change[] | null> => {
    const locked = await lockProvider(database, providerId)
    const application = locked === null ? null : await decide(locked, database)
    if (locked === null || application === null) return null
    const at = stampAfter(locked.changedAt, now())
    const changes = changesOf(application.plan, application.facts, application.cause)
    const changed = await writePlan(database, application, changes, at)
    if (changed && application.beforeCommit !== undefined) await application.beforeCommit(client, changes)
    // Last, since each transaction of the catalogue queues for this row until the one before has committed.
    if (changed) await growRevision(database)
    return changes
  }
  return database.transaction(carryOut)
}

async function writePlan(
  database: Database,
  application: Application,
  changes: readonly Change[],
  at: string,
): Promise<boolean> {
  const { plan, providerId, runId } = application
  const write = { providerId, runId, at }
  const places = await insertEntries(database, providerId, application.entries)
  // Before the additions: an id that is given up by one model may be taken by another.
  await renameModels(database, at, plan.renamed)
  await insertModels(database, write, plan.added, places)
  await updateModels(database, at, [...writtenModels(application), ...application.rewrite])
  await updateAvailability(database, write, [
    ...plan.unavailable.map(({ id, reason }) => ({ id, reason })),
    ...plan.restored.map(({ id }) => ({ id, reason: null })),
  ])
  await updateMisses(database, plan.missed)
  await insertChanges(database, { ...write, actor: application.actor }, changes)
  if (places.size > plan.added.length) await places.moveExisting(database)
  await updateMarks(database, application.marks)
  const changed = changesCatalogue(plan) || application.rewrite.length > 0
  await application.recordProvider(database, changed || application.marks.length > 0, at)
  return changed
}

function writtenModels({ plan, facts }: Application): WrittenModel[] {
  return [...plan.updated, ...plan.restored].flatMap((model) => {
    if (model.fields === null) return []
    const pins = 'pins' in model && model.pins !== undefined ? model.pins : (facts.values.get(model.id)?.pins ?? {})
    const origin = model.changes.origin?.to as 'synced' | 'local' | undefined
    return [{ id: model.id, upstream: model.fields, pins, origin }]
  })
}
