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
