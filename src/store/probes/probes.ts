/** Probes on record, and the budget that all replicas share. */
import type { ProbeRecord } from '../../core/records/probe-record.js'
import { isoTime, type Database } from '../database.js'

export type ProbeRow = Omit<ProbeRecord, 'model'> & { provider: string; providerModelId: string }

// Long enough to see a model that comes and goes.
const KEPT_DAYS = 90

/**
 * Takes one probe out of a day's budget, in one statement, so that replicas cannot take the last one twice.
 * @param day ISO date, UTC
 * @returns false when it is spent
 */
export async function spendProbe(
  database: Database,
  { day, budget }: { day: string; budget: number },
): Promise<boolean> {
  const { rows } = await database.query(
    `INSERT INTO ${database.schema}.probe_budget AS b (day, spent)
    VALUES ($1, 1)
    ON CONFLICT (day) DO UPDATE
    SET spent = b.spent + 1
    WHERE b.spent < $2
    RETURNING spent`,
    [day, budget],
  )
  return rows.length > 0
}

/** Puts a probe on record, and drops those that are older than 90 days. */
export async function recordProbe(database: Database, probe: ProbeRow): Promise<void> {
  await database.query(
    `INSERT INTO ${database.schema}.probes (provider, provider_model_id, cause, actor, ok, reason, status, latency_ms, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      probe.provider,
      probe.providerModelId,
      probe.cause,
      probe.actor,
      probe.ok,
      probe.reason,
      probe.status,
      probe.latencyMs,
      probe.at,
    ],
  )
  const oldest = new Date(Date.parse(probe.at) - KEPT_DAYS * 24 * 3_600_000).toISOString()
  await database.query(`DELETE FROM ${database.schema}.probes WHERE at < $1`, [oldest])
  await database.query(`DELETE FROM ${database.schema}.probe_budget WHERE day < $1::timestamptz::date`, [oldest])
}

/** Of one model, the newest first. */
export async function listProbes(
  database: Database,
  { provider, providerModelId, limit }: { provider: string; providerModelId: string; limit: number },
): Promise<ProbeRow[]> {
  const { rows } = await database.query<ProbeRow>(
    `SELECT provider,
      provider_model_id AS "providerModelId",
      cause,
      actor,
      ok,
      reason,
      status,
      latency_ms AS "latencyMs",
      ${isoTime('at')} AS at
    FROM ${database.schema}.probes
    WHERE provider = $1 AND provider_model_id = $2
    ORDER BY id DESC
    LIMIT $3`,
    [provider, providerModelId, limit],
  )
  return rows
}
