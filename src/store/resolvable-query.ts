/** What a resolver is built from: the available, shown models, and the providers' priorities. */
import { modelId, type Mode } from '../catalog/model.js'
import type { ResolvableModel } from '../catalog/resolvable-model.js'
import { isoDate, isoTime, type Database } from './database.js'
import { visibleTo } from './visible-models.js'

export interface ResolvableRows {
  models: ResolvableModel[]
  /** Public ids of models that are unavailable or hidden. */
  withheld: string[]
  /** By slug; lower comes first. */
  priorities: Map<string, number>
  /** Nothing was ever synced, and nothing added by hand. */
  isEmpty: boolean
}

interface Row {
  provider: string
  providerModelId: string
  offered: boolean
  name: string
  mode: Mode | null
  aliases: string[]
  createdAt: string | null
  deprecationDate: string | null
  replacedBy: string | null
}

const COLUMNS = `
  p.slug AS provider,
  m.provider_model_id AS "providerModelId",
  m.availability = 'available' AND NOT m.hidden AS offered,
  m.name,
  m.mode,
  m.aliases || m.former_ids AS aliases,
  ${isoTime('m.created_at')} AS "createdAt",
  ${isoDate('m.deprecation_date')} AS "deprecationDate",
  m.replaced_by AS "replacedBy"`

/** All of the catalogue, in one statement, so that no half of a provider's sync is seen. */
export async function readResolvable(database: Database): Promise<ResolvableRows> {
  const [{ rows }, providers] = await Promise.all([
    database.query<Row>(
      `SELECT ${COLUMNS}
      ${visibleTo(database, null)}`,
    ),
    database.query<{ slug: string; priority: number }>(`SELECT slug, priority FROM ${database.schema}.providers`),
  ])
  const models: ResolvableModel[] = []
  const withheld: string[] = []
  for (const { offered, ...row } of rows) {
    const id = modelId(row.provider, row.providerModelId)
    if (offered) models.push({ id, ...row, privateTo: null })
    else withheld.push(id)
  }
  return {
    models,
    withheld,
    priorities: new Map(providers.rows.map(({ slug, priority }) => [slug, priority])),
    isEmpty: rows.length === 0,
  }
}

/** What only this user's own keys have shown, and can see now. */
export async function readOwnResolvable(database: Database, viewer: string): Promise<ResolvableModel[]> {
  const { rows } = await database.query<Row>(
    `SELECT ${COLUMNS}
    ${visibleTo(database, '$1')}
    WHERE m.id < 0 AND m.availability = 'available'`,
    [viewer],
  )
  return rows.map(({ offered: _, ...row }) => ({
    id: modelId(row.provider, row.providerModelId),
    ...row,
    privateTo: [viewer],
  }))
}
