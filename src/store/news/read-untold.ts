/** What is new for a subscription: changes that it has not been told, models that end soon, runs that failed, members that drift. */
import type { NewsChange } from '../../core/news/subscription.js'
import { driftingMembers, type Drift } from '../../core/providers/drift.js'
import type { DriftingMemberRecord } from '../../core/records/drift-record.js'
import type { ProviderResult } from '../../core/records/sync-result.js'
import { isoTime, type Database } from '../database.js'
import { isOverdue } from '../runs/dead-runs.js'

/** A change with where it stands for the subscription's cursor. */
export type UntoldChange = NewsChange & {
  providerId: number
  inputCostPerToken: string | null
  outputCostPerToken: string | null
}

// Of a bigint.
const LARGEST_ID = '9223372036854775807'

/**
 * Changes behind the subscription's cursors, the oldest first, without what no read returns. Those of a run in progress wait for its end, so that a
 * run is told as a whole, but no longer than the run may take, and not once another run, or a person, has changed that provider.
 */
export async function readUntoldChanges(
  database: Database,
  { subscription, limit }: { subscription: string; limit: number },
): Promise<UntoldChange[]> {
  const { rows } = await database.query<UntoldChange>(
    `WITH open AS MATERIALIZED (
      SELECT c.provider_id, min(c.id) AS change_id
      FROM ${database.schema}.sync_runs AS r
      JOIN ${database.schema}.model_changes AS c ON c.run_id = r.id
      WHERE r.finished_at IS NULL AND NOT (${isOverdue()})
      GROUP BY r.id, c.provider_id
      HAVING NOT EXISTS (
        SELECT
        FROM ${database.schema}.model_changes AS later
        WHERE later.provider_id = c.provider_id AND later.id > max(c.id) AND later.run_id IS DISTINCT FROM r.id
      )
    )
    SELECT
      c.id::float8 AS id,
      c.run_id AS "runId",
      p.slug || '/' || c.provider_model_id AS "modelId",
      p.slug AS provider,
      p.id AS "providerId",
      c.kind,
      c.field,
      ${summary('c.old_value')} AS "from",
      ${summary('c.new_value')} AS "to",
      CASE WHEN c.kind = 'added' THEN c.new_value ->> 'inputCostPerToken' END AS "inputCostPerToken",
      CASE WHEN c.kind = 'added' THEN c.new_value ->> 'outputCostPerToken' END AS "outputCostPerToken",
      c.cause,
      c.actor,
      ${isoTime('c.at')} AS at
    FROM ${database.schema}.providers AS p
    LEFT JOIN ${database.schema}.news_cursors AS n ON n.subscription = $1 AND n.provider_id = p.id
    LEFT JOIN open ON open.provider_id = p.id
    -- For each provider a range of the index of the cursors, however long the changelog is. Compared as rows: with an equation for the provider the
    -- planner would walk the primary key past everybody's changes.
    CROSS JOIN LATERAL (
      SELECT *
      FROM ${database.schema}.model_changes
      WHERE (provider_id, id) > (p.id, COALESCE(n.change_id, 0))
        AND (provider_id, id) < (p.id, COALESCE(open.change_id, ${LARGEST_ID}))
      ORDER BY provider_id, id
      LIMIT $2
    ) AS c
    ORDER BY c.id
    LIMIT $2`,
    [subscription, limit],
  )
  return rows
}

// A description may have 16,384 characters, and one message holds 200 changes.
const MOST_CHARACTERS = 2000

// A model as a whole would be two kilobytes.
function summary(value: string): string {
  return `CASE
        WHEN ${value} IS NULL THEN NULL
        WHEN c.kind IN ('added', 'deleted') THEN jsonb_build_object(
          'name', ${value} -> 'name',
          'mode', ${value} -> 'mode',
          'contextLength', ${value} -> 'contextLength',
          'inputCostPerToken', ${value} -> 'inputCostPerToken',
          'outputCostPerToken', ${value} -> 'outputCostPerToken'
        )
        WHEN length(${value} #>> '{}') > ${MOST_CHARACTERS} THEN to_jsonb(left(${value} #>> '{}', ${MOST_CHARACTERS}) || '…')
        ELSE ${value}
      END`
}

/** Moves the cursors to these changes; by provider, the last counts. */
export async function moveCursors(
  database: Database,
  subscription: string,
  changes: readonly { id: number; providerId: number }[],
): Promise<void> {
  const last = new Map(changes.map(({ id, providerId }) => [providerId, id]))
  if (last.size === 0) return
  await database.query(
    `INSERT INTO ${database.schema}.news_cursors AS n (subscription, provider_id, change_id)
    SELECT $1, v.provider_id, v.change_id
    FROM unnest($2::integer[], $3::bigint[]) AS v (provider_id, change_id)
    ON CONFLICT (subscription, provider_id) DO UPDATE
    SET change_id = EXCLUDED.change_id`,
    [subscription, [...last.keys()], [...last.values()]],
  )
}

export interface FailedRun {
  runId: string
  /** ISO 8601. */
  finishedAt: string
  /** One line for each provider, starting with its slug. */
  errors: string[]
}

/** Runs with errors that ended after `since`, the oldest first. */
export async function readFailedRuns(database: Database, since: string): Promise<FailedRun[]> {
  const { rows } = await database.query<FailedRun>(
    `SELECT id AS "runId", ${isoTime('finished_at')} AS "finishedAt", result -> 'errors' AS errors
    FROM ${database.schema}.sync_runs
    WHERE NOT success AND finished_at > $1 AND started_at > $1::timestamptz - interval '1 day'
    ORDER BY finished_at, id`,
    [since],
  )
  return rows
}

/** A member of a provider's entries, as the news carry it. */
export type DriftingNews = DriftingMemberRecord & { provider: string; kind: 'unread' | 'vanished' }

/** Members that were found unread, or gone, since then. */
export async function readDriftingMembers(database: Database, since: string): Promise<DriftingNews[]> {
  const { rows } = await database.query<{ provider: string; drift: Drift }>(
    `SELECT slug AS provider, drift
    FROM ${database.schema}.providers
    WHERE jsonb_path_exists(drift, '$.*.*[*].since ? (@ >= $since)', jsonb_build_object('since', $1::text))
    ORDER BY slug`,
    [since],
  )
  return rows.flatMap(({ provider, drift }) =>
    (['unread', 'vanished'] as const).flatMap((kind) =>
      driftingMembers(drift, kind)
        .filter((member) => member.since >= since)
        .map((member) => ({ provider, kind, ...member })),
    ),
  )
}

export interface DoubtingRun extends Required<Pick<ProviderResult, 'provider' | 'newDoubts' | 'doubts'>> {
  runId: string
  /** ISO 8601. */
  finishedAt: string
}

/** Of runs that ended after `since`, the providers of which price books say something else; the oldest first. */
export async function readDoubtingRuns(database: Database, since: string): Promise<DoubtingRun[]> {
  const { rows } = await database.query<DoubtingRun>(
    `SELECT
      r.id AS "runId",
      ${isoTime('r.finished_at')} AS "finishedAt",
      p ->> 'provider' AS provider,
      (p ->> 'newDoubts')::integer AS "newDoubts",
      p -> 'doubts' AS doubts
    FROM ${database.schema}.sync_runs AS r
    CROSS JOIN LATERAL jsonb_array_elements(r.result -> 'providers') AS p
    WHERE r.finished_at > $1 AND r.started_at > $1::timestamptz - interval '1 day' AND p ? 'newDoubts'
    ORDER BY r.finished_at, r.id, provider`,
    [since],
  )
  return rows
}

/**
 * Notes that a subscription is told of something.
 * @param again so many hours after the last time it may be told once more; `null`: never
 * @returns the keys that it is to be told now
 */
export async function noteTold(
  database: Database,
  subscription: string,
  told: readonly { key: string; at: string }[],
  again: number | null,
): Promise<Set<string>> {
  if (told.length === 0) return new Set()
  const { rows } = await database.query<{ key: string }>(
    `INSERT INTO ${database.schema}.news_told AS t (subscription, key, at)
    SELECT $1, v.key, v.at
    FROM unnest($2::text[], $3::timestamptz[]) AS v (key, at)
    ON CONFLICT (subscription, key) DO UPDATE
    SET at = EXCLUDED.at
    WHERE t.at + make_interval(hours => $4::integer) <= EXCLUDED.at
    RETURNING t.key`,
    [subscription, told.map(({ key }) => key), told.map(({ at }) => at), again],
  )
  return new Set(rows.map(({ key }) => key))
}
