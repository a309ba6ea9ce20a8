/** Counts of providers' models. */
import type { Database } from '../database.js'

export interface ProviderCounts {
  provider: string
  totalModels: number
  availableModels: number
  unavailableModels: number
  /** What at least one of its available models can do. */
  capabilities: string[]
}

export async function readProviderCounts(database: Database, slug?: string): Promise<ProviderCounts[]> {
  const { rows } = await database.query<ProviderCounts>(
    `SELECT
      p.slug AS provider,
      count(m.id)::integer AS "totalModels",
      count(m.id) FILTER (WHERE m.availability = 'available')::integer AS "availableModels",
      count(m.id) FILTER (WHERE m.availability <> 'available')::integer AS "unavailableModels",
      ARRAY(
        SELECT DISTINCT said.key
        FROM ${database.schema}.models AS c
        CROSS JOIN LATERAL jsonb_each(c.capabilities) AS said (key, value)
        WHERE c.provider_id = p.id AND c.availability = 'available' AND said.value = 'true'
        ORDER BY 1
      ) AS capabilities
    FROM ${database.schema}.providers AS p
    LEFT JOIN ${database.schema}.models AS m ON m.provider_id = p.id
    WHERE $1::text IS NULL OR p.slug = $1
    GROUP BY p.id
    ORDER BY p.slug`,
    [slug ?? null],
  )
  return rows
}

/** Available models by what goes in and out: `text->text`, `text->image`, `multimodal` for several on a side, `unknown`. */
export async function readModalityCounts(database: Database): Promise<Record<string, number>> {
  const { rows } = await database.query<{ modality: string; models: number }>(
    `SELECT
      CASE
        WHEN input_modalities = '[]' OR output_modalities = '[]' THEN 'unknown'
        WHEN jsonb_array_length(input_modalities) > 1 OR jsonb_array_length(output_modalities) > 1 THEN 'multimodal'
        ELSE (input_modalities ->> 0) || '->' || (output_modalities ->> 0)
      END AS modality,
      count(*)::integer AS models
    FROM ${database.schema}.models
    WHERE availability = 'available'
    GROUP BY 1
    ORDER BY 1`,
  )
  return Object.fromEntries(rows.map(({ modality, models }) => [modality, models]))
}

/** How many models are unavailable because their provider is disabled, by its slug. */
export async function countDisabledModels(database: Database): Promise<Map<string, number>> {
  const { rows } = await database.query<{ provider: string; models: number }>(
    `SELECT p.slug AS provider, count(*)::integer AS models
    FROM ${database.schema}.providers AS p
    JOIN ${database.schema}.models AS m ON m.provider_id = p.id
    WHERE NOT p.enabled AND m.unavailable_reason = 'provider-disabled'
    GROUP BY p.slug`,
  )
  return new Map(rows.map(({ provider, models }) => [provider, models]))
}
