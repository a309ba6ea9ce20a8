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

/** One change of a plan, whose row is made again when it is shown: those of a large plan would fill the memory. */
export class PlanRow<Row extends { modelId: string } = { modelId: string }> {
  readonly modelId: string
  /** Of its JSON. */
  readonly bytes: number
  /** Of its JSON; base64. */
  readonly sha256: string

  /** @param place in the plan: rows near each other are read together */
  constructor(
    readonly place: number,
    readonly show: () => Row,
  ) {
    const row = show()
    const json = JSON.stringify(row)
    this.modelId = row.modelId
    this.bytes = Buffer.byteLength(json)
    this.sha256 = createHash('sha256').update(json).digest('base64')
  }
}

type Lists = Pick<ProviderPlanDocument, 'added' | 'updated' | 'unavailable' | 'restored' | 'renamed' | 'held'>

/** A provider's plan before it is shown; the lists are sorted by id, so that the same plan always reads the same. */
export type DescribedPlan = { [List in keyof Lists]: PlanRow<Lists[List][number]>[] } & Omit<
  ProviderPlanDocument,
  keyof Lists
>

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
): Steps<DescribedPlan> {
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
): Steps<PlanRow<Row>[]> {
  const rows: PlanRow<Row>[] = []
  for (const [place, change] of changes.entries()) {
    rows.push(new PlanRow(place, () => describe(change)))
    yield
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
export function* hashPlan(options: PlanOptions, providers: readonly DescribedPlan[]): Steps<string> {
  const digest = createHash('sha256')
  for (const { provider, added, updated, unavailable, restored, renamed } of [...providers].sort((a, b) =>
    a.provider < b.provider ? -1 : 1,
  )) {
    digest.update(JSON.stringify(provider))
    for (const list of [added, updated, unavailable, restored, renamed]) yield* addRows(digest, list)
  }
  return `${Buffer.from(JSON.stringify(options)).toString('base64url')}.${digest.digest('hex')}`
}

function* addRows(digest: Hash, rows: readonly PlanRow[]): Steps<void> {
  digest.update(`[${rows.length}]`)
  for (const { sha256 } of rows) {
    digest.update(sha256)
    yield
  }
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
export function changedIds({ added, updated, unavailable, restored, renamed }: DescribedPlan): string[] {
  return [added, updated, unavailable, restored, renamed].flatMap((list: readonly PlanRow[]) =>
    list.map(({ modelId }) => modelId),
  )
}
