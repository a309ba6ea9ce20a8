/** What a resolver is built from: the models with what keeps one from being offered, and the providers' priorities. */
import { modelId, type Mode } from '../../core/model/model.js'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'
import type { WithheldReason } from '../../core/names/resolution.js'
import { isoDate, isoTime, type Database } from '../database.js'
import { readPriorities } from '../providers/provider-rows.js'
import { OWN_ALONE, seenByOwnKeys, visibleTo } from '../visible-models.js'

export interface ResolvableModels {
  models: ResolvableModel[]
  /** Those that are unavailable or hidden. */
  withheld: WithheldModel[]
}

export interface ResolvableRows extends ResolvableModels {
  /** By slug; lower comes first. */
  priorities: Map<string, number>
  /** Nothing was ever synced, and nothing added by hand. */
  isEmpty: boolean
}

interface Row {
  provider: string
  providerModelId: string
  /** `null`: it is offered. */
  reason: WithheldReason | null
  since: string | null
  name: string
  mode: Mode | null
  aliases: string[]
  createdAt: string | null
  deprecationDate: string | null
  replacedBy: string | null
  /** `null`: everybody may call it. */
  restrictedTo: string[] | null
}

const COLUMNS = `
  p.slug AS provider,
  m.provider_model_id AS "providerModelId",
  CASE WHEN m.availability = 'available' AND m.hidden THEN 'hidden' ELSE m.unavailable_reason END AS reason,
  m.name,
  m.mode,
  m.aliases || m.former_ids AS aliases,
  ${isoTime('m.created_at')} AS "createdAt",
  ${isoDate('m.deprecation_date')} AS "deprecationDate",
  m.replaced_by AS "replacedBy",
  CASE WHEN m.restricted THEN m.teams || m.access_groups END AS "restrictedTo"`

/** When a hidden model was hidden stands in the changelog alone. */
function sinceColumn({ schema }: Database): string {
  return isoTime(`CASE
    WHEN m.availability = 'available' AND m.hidden
    THEN (SELECT max(c.at) FROM ${schema}.model_changes AS c WHERE c.model_id = m.id AND c.field = 'hidden')
    ELSE m.unavailable_since
  END`)
}

/** All of the catalogue, in one statement, so that no half of a provider's sync is seen. */
export async function readResolvable(database: Database): Promise<ResolvableRows> {
  const [{ rows }, priorities] = await Promise.all([
    database.query<Row>(
      `SELECT ${COLUMNS}, ${sinceColumn(database)} AS since
      ${visibleTo(database, null)}`,
    ),
    readPriorities(database),
  ])
  return {
    ...divide(rows, null),
    priorities,
    isEmpty: rows.length === 0,
  }
}

/** What only this user's own keys have shown, or show still. */
export async function readOwnResolvable(database: Database, viewer: string): Promise<ResolvableModels> {
  const { rows } = await database.query<Row>(
    `SELECT ${COLUMNS}, ${isoTime('m.unavailable_since')} AS since
    ${visibleTo(database, '$1')}
    WHERE ${OWN_ALONE} OR (m.restricted AND ${seenByOwnKeys(database, '$1')})`,
    [viewer],
  )
  return divide(rows, [viewer])
}

function divide(rows: readonly Row[], privateTo: readonly string[] | null): ResolvableModels {
  const models: ResolvableModel[] = []
  const withheld: WithheldModel[] = []
  for (const { reason, since, ...row } of rows) {
    const model = { id: modelId(row.provider, row.providerModelId), ...row, privateTo }
    // What an own key shows may be called with it, whatever teams upstream names.
    if (privateTo !== null) model.restrictedTo = null
    if (reason === null) models.push(model)
    else withheld.push({ ...model, reason, since })
  }
  return { models, withheld }
}
