/** Describes a plan as an answer shows it, and names it by a hash. */
import { createHash, type Hash } from 'node:crypto'
import { modelId } from '../../core/model/model.js'
import type { FieldChanges } from '../../core/model/field-changes.js'
import type { Plan } from '../../core/plan/plan.js'
import { PlanHashError } from '../../errors.js'
import type { Steps } from '../slices.js'
import { sortSteps } from '../sort-steps.js'
import type { RejectedEntry } from './collected.js'
import type { Impact, ProviderPlanDocument } from '../../core/plan/plan-document.js'

/** A millisecond's worth. */
const ROWS_A_STEP = 100

/** The lists are sorted by id, so that the same plan always reads the same. */
export function* describePlan(
  provider: string,
  plan: Plan,
  {
    rejected = [],
    filtered = 0,
    unchanged = plan.unchanged,
    impact = [],
  }: {
    rejected?: readonly RejectedEntry[]
    filtered?: number
    /** Models that stay as they are. */
    unchanged?: number
    impact?: readonly Impact[]
  } = {},
): Steps<ProviderPlanDocument> {
  const id = (providerModelId: string): string => modelId(provider, providerModelId)
  return {
    provider,
    added: yield* listOf(plan.added, ({ providerModelId, fields }) => ({ modelId: id(providerModelId), fields })),
    updated: yield* listOf(plan.updated, ({ providerModelId, changes }) => ({
      modelId: id(providerModelId),
      fields: sortFields(changes),
    })),
    unavailable: yield* listOf(plan.unavailable, ({ providerModelId, reason }) => ({
      modelId: id(providerModelId),
      reason,
    })),
    restored: yield* listOf(plan.restored, ({ providerModelId, changes }) => ({
      modelId: id(providerModelId),
      fields: sortFields(changes),
    })),
    renamed: yield* listOf(plan.renamed, ({ providerModelId, from }) => ({
      modelId: id(providerModelId),
      from: id(from),
    })),
    held: yield* listOf(plan.held, (held) => ({
      modelId: id(held.providerModelId),
      kind: held.kind,
      reason: held.reason,
      ...(held.kind === 'updated' ? { field: held.field, from: held.from, to: held.to } : {}),
    })),
    rejected: rejected.map(({ providerModelId, reason }) => ({
      modelId: providerModelId === null ? null : id(providerModelId),
      reason,
    })),
    filtered,
    unchanged,
    impact: [...impact],
  }
}

function* listOf<Change, Row extends { modelId: string }>(
  changes: readonly Change[],
  describe: (change: Change) => Row,
): Steps<Row[]> {
  const rows: Row[] = []
  for (const change of changes) {
    rows.push(describe(change))
    if (rows.length % ROWS_A_STEP === 0) yield
  }
  return yield* sortSteps(rows, byModel)
}

function sortFields(changes: FieldChanges): FieldChanges {
  return Object.fromEntries(Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What a plan was made with; it travels in the plan's hash. */
export interface PlanOptions {
  forceUpdate: boolean
  markUnavailable: boolean
  /** Slugs. */
  providers: string[]
}

/** `<base64url of the options>.<SHA-256 of the changes and of what they change from>`; `providers` are those that could be planned, nothing held. */
export function* hashPlan(options: PlanOptions, providers: readonly ProviderPlanDocument[]): Steps<string> {
  const digest = createHash('sha256')
  for (const { provider, added, updated, unavailable, restored, renamed } of [...providers].sort((a, b) =>
    a.provider < b.provider ? -1 : 1,
  )) {
    digest.update(JSON.stringify(provider))
    for (const list of [added, updated, unavailable, restored, renamed]) yield* addRows(digest, list)
  }
  return `${Buffer.from(JSON.stringify(options)).toString('base64url')}.${digest.digest('hex')}`
}

/** As JSON, in small pieces: the text of all of them may be longer than a text can be. */
function* addRows(digest: Hash, rows: readonly unknown[]): Steps<void> {
  digest.update('[')
  for (let from = 0; from < rows.length; from += ROWS_A_STEP) {
    digest.update(JSON.stringify(rows.slice(from, from + ROWS_A_STEP)))
    yield
  }
  digest.update(']')
}

/** @throws PlanHashError when it is not one of ours */
export function readPlanHash(planHash: string): PlanOptions {
  const [options = '', digest = ''] = planHash.split('.')
  try {
    const read = JSON.parse(Buffer.from(options, 'base64url').toString('utf8')) as Partial<PlanOptions>
    const { forceUpdate, markUnavailable, providers } = read
    if (
      typeof forceUpdate === 'boolean' &&
      typeof markUnavailable === 'boolean' &&
      Array.isArray(providers) &&
      /^[0-9a-f]{64}$/.test(digest)
    ) {
      return { forceUpdate, markUnavailable, providers: providers.map(String) }
    }
  } catch {
    // Said below, with what to do.
  }
  throw new PlanHashError('planHash is not the hash of a plan; pass the planHash of a dry run on as it is')
}

function byModel(a: { modelId: string }, b: { modelId: string }): number {
  if (a.modelId === b.modelId) return 0
  return a.modelId < b.modelId ? -1 : 1
}

/** Of every model that the plan would change; public ids. */
export function changedIds({ added, updated, unavailable, restored, renamed }: ProviderPlanDocument): string[] {
  return [added, updated, unavailable, restored, renamed].flatMap((list: readonly { modelId: string }[]) =>
    list.map(({ modelId }) => modelId),
  )
}
