/** Renames: a model whose id changes only in case is the same model. Pure. */

export interface Rename {
  from: string
  to: string
}

/**
 * Pairs of an id that is gone and one that is new, alike in any case. Only where exactly one is gone and one is new: of several nobody can say
 * which became which. An id at each step.
 */
export function* findRenames(gone: Iterable<string>, fresh: Iterable<string>): Generator<undefined, Rename[]> {
  // First, since most syncs add many models or none, and hardly one loses any.
  const goneByKey = yield* groupByKey(gone)
  if (goneByKey.size === 0) return []
  const freshByKey = yield* groupByKey(fresh)
  const renames: Rename[] = []
  for (const [key, from] of goneByKey) {
    const to = freshByKey.get(key)
    if (from.length === 1 && to?.length === 1 && from[0] !== undefined && to[0] !== undefined)
      renames.push({ from: from[0], to: to[0] })
  }
  return renames
}

function* groupByKey(ids: Iterable<string>): Generator<undefined, Map<string, string[]>> {
  const groups = new Map<string, string[]>()
  for (const id of ids) {
    yield
    const key = id.toLowerCase()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [id])
    else group.push(id)
  }
  return groups
}
