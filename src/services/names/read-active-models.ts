/** Models out of Morpheus' list, or out of a models.json, which has the same shape: `{"models": [{"Id", "Name", …}]}`. */
import { modelId } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'
import { isRecord } from '../../sources/kit/entry.js'
import { identifyRow, isDeleted, mergeRows, nameOf, parseRow } from '../../sources/providers/morpheus/row.js'
import { withPauses, pauses } from '../../pauses.js'
import { mergeInSteps } from '../merge-entries.js'

const PROVIDER = 'morpheus'

export interface ActiveModels {
  models: ResolvableModel[]
  /** Malformed rows: no object, or without an Id. */
  rejected: number
  /** The models of which every row is deleted. */
  withdrawn: WithheldModel[]
}

/**
 * Rows with one Id are one model: named by the newest, the others' names are aliases.
 * @throws Error when the body is not of that shape
 */
export async function readActiveModels(body: unknown): Promise<ActiveModels> {
  const rows = isRecord(body) ? body['models'] : undefined
  if (!Array.isArray(rows)) throw new Error('expected {"models": […]}, found something else')
  const found = new Map<string, DesiredFields[]>()
  const deleted = new Map<string, DesiredFields>()
  let rejected = 0
  const rest = pauses()
  for (const row of rows as unknown[]) {
    const pause = rest()
    if (pause !== undefined) await pause
    const id = identifyRow(row)?.trim() === '' ? null : identifyRow(row)
    const parsed = parseRow(row)
    if (id === null || parsed.kind === 'rejected') rejected += 1
    else if (isDeleted(row)) deleted.set(id, { name: nameOf(row, id) })
    else if (parsed.kind === 'model') {
      const known = found.get(id)
      if (known === undefined) found.set(id, [parsed.fields])
      else known.push(parsed.fields)
    }
  }
  const models: ResolvableModel[] = []
  for (const [id, entries] of found) models.push(toModel(id, await withPauses(mergeInSteps(entries, mergeRows), rest)))
  return {
    models,
    rejected,
    withdrawn: [...deleted]
      .filter(([id]) => !found.has(id))
      .map(([id, fields]) => ({ ...toModel(id, fields), reason: 'omitted', since: null })),
  }
}

function toModel(
  id: string,
  { name = id, mode = null, aliases = [], createdAt = null }: DesiredFields,
): ResolvableModel {
  return {
    id: modelId(PROVIDER, id),
    provider: PROVIDER,
    providerModelId: id,
    name,
    mode,
    aliases,
    createdAt,
    deprecationDate: null,
    replacedBy: null,
    privateTo: null,
  }
}
