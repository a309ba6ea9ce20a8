/** Marks of changes that a person took back: what becomes of them when a plan is carried out. Pure. */
import { movesTo, type CurrentModel, type Plan } from './plan.js'

/** A change to a model's marks; `null`: none is left. */
export interface MarkChange {
  id: number
  marks: Record<string, unknown> | null
}

/** The marks that end with the plan: upstream says something else now or nothing any more, or the change was approved after all. */
export function settleMarks(
  plan: Plan,
  current: ReadonlyMap<string, Pick<CurrentModel, 'id' | 'undone'>>,
): MarkChange[] {
  const marked = [...current.values()].filter(({ undone }) => undone !== null)
  // Going through all that is applied takes its time, and most catalogues have no marks.
  if (marked.length === 0) return []
  const ended = new Map(plan.undone.map(({ id, marks }) => [id, marks]))
  const applied = appliedFields(plan, new Set(marked.map(({ id }) => id)))
  const returned = new Set(
    [...plan.updated, ...plan.restored].filter((change) => movesTo(change) === 'local').map(({ id }) => id),
  )
  const settled: MarkChange[] = []
  for (const { id, undone } of marked) {
    if (undone === null) continue
    const marks = ended.has(id) ? (ended.get(id) ?? {}) : undone
    const left = Object.entries(marks).filter(([field]) => !returned.has(id) && applied.get(id)?.has(field) !== true)
    if (left.length < Object.keys(undone).length)
      settled.push({ id, marks: left.length === 0 ? null : Object.fromEntries(left) })
  }
  return settled
}

function appliedFields(plan: Plan, marked: ReadonlySet<number>): Map<number, Set<string>> {
  const applied = new Map<number, Set<string>>()
  const add = (id: number, fields: readonly string[]): void =>
    void applied.set(id, new Set([...(applied.get(id) ?? []), ...fields]))
  for (const change of plan.updated) if (marked.has(change.id)) add(change.id, Object.keys(change.changes))
  for (const change of plan.restored)
    if (marked.has(change.id)) add(change.id, [...Object.keys(change.changes), 'availability'])
  for (const { id } of plan.unavailable) add(id, ['availability'])
  for (const { id } of plan.renamed) add(id, ['providerModelId'])
  return applied
}
