/** Changes gathered by the run that made them; those by hand by who made them, as long as they follow one another. */
import type { Change } from '../../client/contract.js'

export interface ChangeGroup {
  key: string
  runId: string | null
  actor: string
  cause: string
  /** Of the newest of them. */
  at: string
  changes: Change[]
  counts: [kind: string, models: number][]
}

const ORDER: string[] = ['added', 'updated', 'unavailable', 'restored', 'renamed', 'deleted']

/** @param changes newest first */
export function groupByRun(changes: readonly Change[]): ChangeGroup[] {
  const groups: Omit<ChangeGroup, 'counts'>[] = []
  for (const change of changes) {
    const { runId, actor, cause, at, id } = change
    const last = groups.at(-1)
    const same =
      last !== undefined &&
      last.runId === runId &&
      (runId !== null || (last.actor === actor && last.at.slice(0, 10) === at.slice(0, 10)))
    if (same) last.changes.push(change)
    else groups.push({ key: `${runId} ${id}`, runId, actor, cause, at, changes: [change] })
  }
  return groups.map((group) => ({ ...group, counts: countModels(group.changes) }))
}

// A model of which three fields changed is one updated model.
function countModels(changes: readonly Change[]): ChangeGroup['counts'] {
  return ORDER.flatMap((kind): ChangeGroup['counts'] => {
    const models = new Set(changes.filter((change) => change.kind === kind).map(({ modelId }) => modelId))
    return models.size === 0 ? [] : [[kind, models.size]]
  })
}
