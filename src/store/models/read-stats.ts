/** Counts over the catalogue, and its revision. */
import type { ModelStats } from '../../core/model/model-record.js'
import { SHOWN_MODE } from './shown-mode.js'
import { isoTime, type Database } from '../database.js'

export async function readModelStats(database: Database): Promise<ModelStats> {
  const { rows } = await database.query<{ provider: string; mode: string; availability: string; models: number }>(
    `SELECT p.slug AS provider, COALESCE(${SHOWN_MODE}, 'unknown') AS mode, m.availability, count(*)::integer AS models
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
