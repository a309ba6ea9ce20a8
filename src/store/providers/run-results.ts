/** What a run has applied already: kept with each provider, by the transaction that applied its answer. */
import type { ProviderResult } from '../../core/records/sync-result.js'
import type { Database } from '../database.js'

/** A run, and what its result says of a provider. */
export interface AppliedBy {
  runId: string
  result: ProviderResult
}

/** By slug. */
export async function readRunResults(database: Database, runId: string): Promise<Map<string, ProviderResult>> {
  const { rows } = await database.query<{ slug: string; result: ProviderResult }>(
    `SELECT slug, run_result AS result FROM ${database.schema}.providers WHERE run_id = $1::uuid`,
    [runId],
  )
  return new Map(rows.map(({ slug, result }) => [slug, result]))
}

/** Another text after each run that asked this provider, whatever came of it; `null`: none has. */
export async function readLastAsked(database: Database, slug: string): Promise<string | null> {
  const { rows } = await database.query<{ mark: string }>(
    `SELECT concat_ws(' ', run_id, last_attempt_at, last_success_at) AS mark FROM ${database.schema}.providers WHERE slug = $1`,
    [slug],
  )
  return rows[0]?.mark ?? null
}
