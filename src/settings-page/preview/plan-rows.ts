/** A plan as rows that can be filtered, chosen and compared. Pure. */
import type { FieldChange, Plan, ProviderPlan } from '../../client/contract.js'

export const ROW_KINDS = ['held', 'unavailable', 'updated', 'added', 'restored', 'renamed', 'rejected'] as const
export type RowKind = (typeof ROW_KINDS)[number]

export interface PlanRow {
  key: string
  kind: RowKind
  provider: string
  /** `null`: a rejected entry without an id. */
  modelId: string | null
  /** Field by field: from the old value to the new one. */
  fields: [field: string, change: FieldChange][]
  /** Why it is held, unavailable or rejected. */
  reason: string | null
  /** Of a held change: what it would be. */
  would: string | null
  /** What of the host's hangs on the model. */
  impact: string[]
}

/** All of the plan, what needs a look first. */
export function rowsOf(plan: Plan): PlanRow[] {
  const rows = plan.providers.flatMap((provider): PlanRow[] => {
    const row = (kind: RowKind, modelId: string | null, more: Partial<PlanRow> = {}): PlanRow => ({
      key: `${kind} ${modelId} ${more.fields?.[0]?.[0] ?? ''}`,
      kind,
      provider: provider.provider,
      modelId,
      fields: [],
      reason: null,
      would: null,
      impact: [],
      ...more,
    })
    const impactOf = (id: string) =>
      provider.impact.filter(({ modelId }) => modelId === id).map(({ count, label }) => `${count} ${label}`)
    return [
      ...provider.held.map((held) =>
        row('held', held.modelId, {
          reason: held.reason,
          would: held.kind,
          fields: held.field === undefined ? [] : [[held.field, { from: held.from, to: held.to }]],
          impact: impactOf(held.modelId),
        }),
      ),
      ...provider.unavailable.map(({ modelId, reason }) =>
        row('unavailable', modelId, { reason, impact: impactOf(modelId) }),
      ),
      ...provider.updated.map(({ modelId, fields }) => row('updated', modelId, { fields: Object.entries(fields) })),
      ...provider.added.map(({ modelId, fields }) => row('added', modelId, { fields: stated(fields) })),
      ...provider.restored.map(({ modelId, fields }) => row('restored', modelId, { fields: Object.entries(fields) })),
      ...provider.renamed.map(({ modelId, from }) =>
        row('renamed', modelId, { fields: [['id', { from, to: modelId }]] }),
      ),
      ...provider.rejected.map(({ modelId, reason }, index) => ({
        ...row('rejected', modelId, { reason }),
        key: `rejected ${provider.provider} ${index}`,
      })),
    ]
  })
  return rows.sort((a, b) => ROW_KINDS.indexOf(a.kind) - ROW_KINDS.indexOf(b.kind))
}

/** How many rows there are of each kind. */
export function countKinds(rows: readonly PlanRow[]): Record<RowKind, number> {
  const counts = Object.fromEntries(ROW_KINDS.map((kind) => [kind, 0])) as Record<RowKind, number>
  for (const { kind } of rows) counts[kind]++
  return counts
}

/** Ids of the models that an approval without a further look may contain: all whose changes no guard holds. */
export function usualChoice(rows: readonly PlanRow[]): Set<string> {
  const held = new Set(rows.flatMap(({ kind, modelId }) => (kind === 'held' && modelId !== null ? [modelId] : [])))
  return new Set(choosable(rows).filter((id) => !held.has(id)))
}

/** Ids of all models that the plan changes. */
export function choosable(rows: readonly PlanRow[]): string[] {
  const ids = rows.flatMap(({ kind, modelId }) => (kind === 'rejected' || modelId === null ? [] : [modelId]))
  return [...new Set(ids)]
}

/** What moved between two plans: rows that came, went, or say something else now. A row that one of them leaves out has not moved by that. */
export function movedRows(before: Plan, now: Plan): { gone: PlanRow[]; fresh: Set<string> } {
  const [old, current] = [rowsOf(before), rowsOf(now)]
  const texts = new Map(old.map((row) => [row.key, JSON.stringify(row)]))
  const keys = new Set(current.map(({ key }) => key))
  const isFresh = (row: PlanRow): boolean => {
    const text = texts.get(row.key)
    return text === undefined ? !isCut(before) : text !== JSON.stringify(row)
  }
  return {
    gone: isCut(now) ? [] : old.filter(({ key }) => !keys.has(key)),
    fresh: new Set(current.filter(isFresh).map(({ key }) => key)),
  }
}

/** Whether the plan has changes that it does not list. */
export function isCut({ leftOut = 0 }: Plan): boolean {
  return leftOut > 0
}

// Of a model that comes: what is known of it, most telling first.
const TOLD = ['name', 'ownedBy', 'mode', 'contextLength', 'inputCostPerToken', 'outputCostPerToken'] as const

function stated(fields: ProviderPlan['added'][number]['fields']): PlanRow['fields'] {
  return TOLD.flatMap((field): PlanRow['fields'] => {
    const value = fields[field]
    return value === null || value === undefined ? [] : [[field, { from: null, to: value }]]
  })
}
