/** Carries a plan out: one transaction for a provider, a constant number of statements whatever the number of models. */
import type { PoolClient } from 'pg'
import { growRevision } from '../revision.js'
import { stampAfter } from '../../core/records/stamp.js'
import { changesCatalogue, movesTo, type Plan } from '../../core/plan/plan.js'
import type { MarkChange } from '../../core/plan/undo-marks.js'
import { changesOf, insertChanges, type ChangeCause, type RowFacts } from '../changes/write-changes.js'
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
  /** Rows to rewrite although nothing about them changed, by their ids. */
  rewrite: readonly number[]
  /** Called before the commit with the transaction's client; a throw takes everything back. Not called when nothing changes. */
  beforeCommit?: (client: PoolClient) => Promise<void>
}

/**
 * @param provider whose row is locked first, and what time it is, ms since 1970
 * @param decide what to write, now that nobody else can write; `null`: nothing
 * @returns what was written; `null` when there was nothing to write
 * @throws what the database or the host's hook throws; nothing is applied then
 */
export async function applyPlan(
  database: PooledDatabase,
  { providerId, now }: { providerId: number; now(): number },
  decide: (locked: LockedState, database: Database) => Promise<Application | null>,
): Promise<Application | null> {
  const carryOut = async (database: Database, client: PoolClient): Promise<Application | null> => {
    const locked = await lockProvider(database, providerId)
    const application = locked === null ? null : await decide(locked, database)
    if (locked === null || application === null) return null
    const changed = await writePlan(database, application, stampAfter(locked.changedAt, now()))
    if (changed) await application.beforeCommit?.(client)
    // Last, since each transaction of the catalogue queues for this row until the one before has committed.
    if (changed) await growRevision(database)
    return application
  }
  return database.transaction(carryOut)
}

async function writePlan(database: Database, application: Application, at: string): Promise<boolean> {
  const { plan, facts, providerId, runId } = application
  const write = { providerId, runId, at }
  const places = await insertEntries(database, providerId, application.entries)
  // Before the additions: an id that is given up by one model may be taken by another.
  await renameModels(database, at, plan.renamed)
  await insertModels(database, write, plan.added, places)
  await updateModels(database, at, writtenModels(application))
  await updateAvailability(database, write, [
    ...plan.unavailable.map(({ id, reason }) => ({ id, reason })),
    ...plan.restored.map(({ id }) => ({ id, reason: null })),
  ])
  await updateMisses(database, plan.missed)
  await insertChanges(database, { ...write, actor: application.actor }, changesOf(plan, facts, application.cause))
  if (places.size > plan.added.length) await places.moveExisting(database)
  await updateMarks(database, application.marks)
  const changed = changesCatalogue(plan) || application.rewrite.length > 0
  await application.recordProvider(database, changed || application.marks.length > 0, at)
  return changed
}

function* writtenModels({ plan, facts, rewrite }: Application): Generator<WrittenModel> {
  for (const model of [...plan.updated, ...plan.restored]) {
    const { id, fields: upstream } = model
    const pins = model.pins ?? facts.values.get(id)?.pins ?? {}
    if (upstream !== null) yield { id, upstream, pins, origin: movesTo(model) ?? undefined }
  }
  for (const id of rewrite) {
    const known = facts.values.get(id)
    if (known !== undefined) yield { id, ...known }
  }
}
