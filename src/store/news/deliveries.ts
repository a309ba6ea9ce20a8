/** News in the database: how far a subscription has read, how its last attempts went, and what waits to be sent. */
import type { NewsRecord } from '../../core/news/news-record.js'
import { isoTime, type Database } from '../database.js'

/** How a subscription's last attempts went. */
export interface Attempts {
  name: string
  createdAt: string
  failedAttempts: number
  /** ISO 8601; `null`: the last attempt went well. */
  failingSince: string | null
}

/** @see readSubscription */
export interface SubscriptionState extends Attempts {
  isDisabled: boolean
  /** ISO 8601; `null`: at once. */
  nextAttemptAt: string | null
}

/** Of a subscription: what is on record. */
export type NewsState = Omit<NewsRecord, 'type' | 'target' | 'state'>

export interface Delivery {
  id: string
  type: string
  data: Record<string, unknown>
  /** ISO 8601. */
  createdAt: string
}

/** The stored digests of targets, by name. */
export async function readTargets(database: Database, names: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await database.query<{ name: string; target: string }>(
    `SELECT name, target FROM ${database.schema}.news_subscriptions WHERE name = ANY ($1)`,
    [names],
  )
  return new Map(rows.map(({ name, target }) => [name, target]))
}

/**
 * Makes the rows of new subscriptions, which begin with what happens from now on; one with another target than before starts anew.
 * @param subscriptions `target`: a keyed digest; `same`: the stored one is of the same target
 */
export async function registerSubscriptions(
  database: Database,
  subscriptions: readonly { name: string; target: string; same: boolean }[],
  at: string,
): Promise<void> {
  const names = subscriptions.map(({ name }) => name)
  const targets = subscriptions.map(({ target }) => target)
  await database.query(
    `WITH made AS (
      INSERT INTO ${database.schema}.news_subscriptions (name, target, created_at)
      SELECT v.name, v.target, $3
      FROM unnest($1::text[], $2::text[]) AS v (name, target)
      ON CONFLICT (name) DO NOTHING
      RETURNING name
    )
    INSERT INTO ${database.schema}.news_cursors (subscription, provider_id, change_id)
    SELECT made.name, p.id, c.id
    FROM made
    CROSS JOIN ${database.schema}.providers AS p
    CROSS JOIN LATERAL (SELECT max(c.id) AS id FROM ${database.schema}.model_changes AS c WHERE c.provider_id = p.id) AS c
    WHERE c.id IS NOT NULL`,
    [names, targets, at],
  )
  await database.query(
    `UPDATE ${database.schema}.news_subscriptions AS s
    SET target = v.target,
      next_attempt_at = NULL,
      failed_attempts = 0,
      failing_since = NULL,
      last_error = NULL,
      disabled_at = NULL,
      disabled_reason = NULL
    FROM unnest($1::text[], $2::text[], $3::boolean[]) AS v (name, target, same)
    WHERE s.name = v.name AND s.target <> v.target AND NOT v.same`,
    [names, targets, subscriptions.map(({ same }) => same)],
  )
  await database.query(
    `UPDATE ${database.schema}.news_subscriptions AS s
    SET target = v.target
    FROM unnest($1::text[], $2::text[]) AS v (name, target)
    WHERE s.name = v.name AND s.target <> v.target`,
    [names, targets],
  )
}

/** @throws Error when it is not on record */
export async function readSubscription(database: Database, name: string): Promise<SubscriptionState> {
  const { rows } = await database.query<SubscriptionState>(
    `SELECT
      name,
      ${isoTime('created_at')} AS "createdAt",
      failed_attempts AS "failedAttempts",
      ${isoTime('failing_since')} AS "failingSince",
      ${isoTime('next_attempt_at')} AS "nextAttemptAt",
      disabled_at IS NOT NULL AS "isDisabled"
    FROM ${database.schema}.news_subscriptions
    WHERE name = $1`,
    [name],
  )
  if (rows[0] === undefined) throw new Error(`the subscription "${name}" is not on record`)
  return rows[0]
}

export async function insertDeliveries(
  database: Database,
  subscription: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  await database.query(
    `INSERT INTO ${database.schema}.news_deliveries (id, subscription, type, data, created_at)
    SELECT v.id, $1, v.type, v.data, v."createdAt"
    FROM json_to_recordset($2::json) AS v (id uuid, type text, data jsonb, "createdAt" timestamptz)`,
    [subscription, JSON.stringify(deliveries)],
  )
}

/** The oldest that waits; `null`: none. */
export async function nextDelivery(database: Database, subscription: string): Promise<Delivery | null> {
  const { rows } = await database.query<Delivery>(
    `SELECT id, type, data, ${isoTime('created_at')} AS "createdAt"
    FROM ${database.schema}.news_deliveries
    WHERE subscription = $1
    ORDER BY place
    LIMIT 1`,
    [subscription],
  )
  return rows[0] ?? null
}

/** After a message has arrived. */
export async function recordDelivered(
  database: Database,
  { name, id, at }: { name: string; id: string; at: string },
): Promise<void> {
  await database.query(
    `WITH arrived AS (DELETE FROM ${database.schema}.news_deliveries WHERE id = $2)
    UPDATE ${database.schema}.news_subscriptions
    SET last_delivered_at = $3,
      failed_attempts = 0,
      failing_since = NULL,
      next_attempt_at = NULL,
      last_error = NULL
    WHERE name = $1`,
    [name, id, at],
  )
}

/** After an attempt that failed. Who has switched it off meanwhile finds it switched off. */
export async function recordFailedAttempt(
  database: Database,
  name: string,
  failure: { at: string; error: string; nextAttemptAt: string; disabledReason: string | null },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.news_subscriptions
    SET failed_attempts = failed_attempts + 1,
      failing_since = COALESCE(failing_since, $2),
      last_error = $3,
      next_attempt_at = $4,
      disabled_at = COALESCE(disabled_at, CASE WHEN $5::text IS NOT NULL THEN $2::timestamptz END),
      disabled_reason = COALESCE(disabled_reason, $5)
    WHERE name = $1`,
    [name, failure.at, failure.error, failure.nextAttemptAt, failure.disabledReason],
  )
}

/** By hand. On: it is tried at once, with all that has happened meanwhile. */
export async function switchSubscription(
  database: Database,
  { name, enabled, at }: { name: string; enabled: boolean; at: string },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.news_subscriptions
    SET next_attempt_at = NULL,
      failed_attempts = 0,
      failing_since = NULL,
      disabled_at = CASE WHEN $2 THEN NULL ELSE $3::timestamptz END,
      disabled_reason = CASE WHEN $2 THEN NULL ELSE 'switched off by hand' END
    WHERE name = $1`,
    [name, enabled, at],
  )
}

export async function readNewsStates(database: Database, names: readonly string[]): Promise<NewsState[]> {
  const { rows } = await database.query<NewsState>(
    `SELECT
      s.name,
      ${isoTime('s.next_attempt_at')} AS "nextAttemptAt",
      ${isoTime('s.failing_since')} AS "failingSince",
      s.last_error AS "lastError",
      ${isoTime('s.last_delivered_at')} AS "lastDeliveredAt",
      ${isoTime('s.disabled_at')} AS "disabledAt",
      s.disabled_reason AS "disabledReason",
      (SELECT count(*)::integer FROM ${database.schema}.news_deliveries AS d WHERE d.subscription = s.name) AS pending
    FROM ${database.schema}.news_subscriptions AS s
    WHERE s.name = ANY ($1)
    ORDER BY s.name`,
    [names],
  )
  return rows
}
