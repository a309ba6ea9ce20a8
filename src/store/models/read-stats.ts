/** Counts over the catalogue, and its revision. */
import { isoTime, type Database } from '../database.js'

export interface ModelStats {
  totalModels: number
  availableModels: number
  unavailableModels: number
  byProvider: Record<string, number>
  /** `unknown`: upstream does not say. */
  byMode: Record<string, number>
}

/** The catalogue's revision: the same number, the same answers. */
export async function readRevision(database: Database): Promise<number> {
  const { rows } = await database.query<{ revision: number }>(
    `SELECT revision::float8 AS revision FROM ${database.schema}.catalogue`,
  )
  return rows[0]?.revision ?? 0
}

/** What names the catalogue for ever, a UUID. */
export async function readCatalogueId(database: Database): Promise<string> {
  const { rows } = await database.query<{ id: string }>(`SELECT id FROM ${database.schema}.catalogue`)
  return rows[0]?.id ?? '00000000-0000-0000-0000-000000000000'
}

export async function readModelStats(database: Database): Promise<ModelStats> {
  const { rows } = await database.query<{ provider: string; mode: string; availability: string; models: number }>(
    `SELECT p.slug AS provider, COALESCE(m.mode, 'unknown') AS mode, m.availability, count(*)::integer AS models
    FROM ${database.schema}.models AS m
    JOIN ${database.schema}.providers AS p ON p.id = m.provider_id
    GROUP BY 1, 2, 3`,
  )
  const stats: ModelStats = { totalModels: 0, availableModels: 0, unavailableModels: 0, byProvider: {}, byMode: {} }
  for (const { provider, mode, availability, models } of rows) {
    stats.totalModels += models
    if (availability === 'available') stats.availableModels += models
    else stats.unavailableModels += models
    stats.byProvider[provider] = (stats.byProvider[provider] ?? 0) + models
    stats.byMode[mode] = (stats.byMode[mode] ?? 0) + models
  }
  return stats
}

/** ISO 8601: when any provider was last asked; `null`: never. */
export async function readLastAttempt(database: Database): Promise<string | null> {
  const { rows } = await database.query<{ at: string | null }>(
    `SELECT ${isoTime('max(last_attempt_at)')} AS at FROM ${database.schema}.providers`,
  )
  return rows[0]?.at ?? null
}
