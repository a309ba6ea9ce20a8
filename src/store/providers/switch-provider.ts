/** What an operator sets for a provider; switching it off and on moves its models with it. */
import type { ProviderEdit } from '../../core/records/provider-record.js'
import { stampAfter } from '../../core/records/stamp.js'
import { growRevision } from '../revision.js'
import type { Change } from '../changes/write-changes.js'
import { setListed } from '../models/availability.js'
import type { Database, PooledDatabase } from '../database.js'
import { lockProvider, touchProvider } from './provider-rows.js'

/** What switching changed; empty when nothing was switched, or there is no such row. */
export async function changeProvider(
  database: PooledDatabase,
  { id, change, actor, now }: { id: number; change: ProviderEdit; actor: string; now(): number },
): Promise<Change[]> {
  return database.transaction(async (database) => {
    const locked = await lockProvider(database, id)
    if (locked === null) return []
    // Under the lock: somebody else may just have switched it.
    const { rows } = await database.query<{ enabled: boolean }>(
      `WITH before AS (
        SELECT enabled
        FROM ${database.schema}.providers
        WHERE id = $1
      )
      UPDATE ${database.schema}.providers AS p
      SET enabled = COALESCE($2, p.enabled),
        priority = COALESCE($3, p.priority),
        interval_minutes = CASE WHEN $4 THEN $5::integer ELSE p.interval_minutes END
      FROM before
      WHERE p.id = $1
      RETURNING before.enabled`,
      [id, change.enabled ?? null, change.priority ?? null, change.interval !== undefined, change.interval ?? null],
    )
    // Of several providers that offer a model, the priority says which one a name leads to.
    if (change.enabled === undefined || change.enabled === rows[0]?.enabled) {
      if (change.priority !== undefined) await growRevision(database)
      return []
    }
    const at = stampAfter(locked.changedAt, now())
    const changes = await switchModels(database, id, change.enabled, actor, at)
    // The next answer restores and updates what has changed meanwhile, also when it is the one applied last.
    await touchProvider(database, id, { at, reread: true })
    await growRevision(database)
    return changes
  })
}

async function switchModels(database: Database, id: number, on: boolean, actor: string, at: string): Promise<Change[]> {
  const [from, to] = on ? ['provider-disabled', null] : [null, 'provider-disabled']
  const { rows } = await database.query<Change>(
    `WITH moved AS (
      UPDATE ${database.schema}.models AS m
      SET ${setListed('$3::text', '$5::timestamptz')}
      FROM ${database.schema}.providers AS p
      WHERE m.provider_id = $1 AND p.id = $1 AND m.origin = 'synced' AND m.listed_reason IS NOT DISTINCT FROM $2
      RETURNING m.id, m.provider_id, m.provider_model_id, m.pinned_unavailable
    )
    INSERT INTO ${database.schema}.model_changes (model_id, provider_id, provider_model_id, kind, field, old_value, new_value, cause, actor, at)
    SELECT
      id,
      provider_id,
      provider_model_id,
      CASE WHEN pinned_unavailable THEN 'updated' WHEN $3::text IS NULL THEN 'restored' ELSE 'unavailable' END,
      CASE WHEN pinned_unavailable THEN 'upstream.availability' END,
      to_jsonb($2::text),
      to_jsonb($3::text),
      'rule',
      $4,
      $5
    FROM moved
    RETURNING
      model_id::float8 AS "modelId",
      provider_model_id AS "providerModelId",
      kind,
      field,
      old_value AS "from",
      new_value AS "to",
      cause`,
    [id, from, to, actor, at],
  )
  return rows
}
