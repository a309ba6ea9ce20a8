/** Prices over time: kept in step with the models' own columns, inside the transaction that changes them. */
import type { FieldName } from '../../core/model/model.js'
import type { Database } from '../database.js'

/** The four token prices, by the kind that each has among all prices. */
export const TOKEN_PRICES = {
  input: 'inputCostPerToken',
  output: 'outputCostPerToken',
  cache_read: 'cacheReadCostPerToken',
  cache_write: 'cacheWriteCostPerToken',
} as const satisfies Record<string, FieldName>

export const PRICE_FIELDS: readonly string[] = [...Object.values(TOKEN_PRICES), 'otherPrices', 'priceWindows']

const KINDS = Object.keys(TOKEN_PRICES)
  .map((kind) => `'${kind}'`)
  .join(', ')

const KIND_FIELDS = Object.entries(TOKEN_PRICES)
  .map(([kind, field]) => `('${kind}', '${field}')`)
  .join(', ')

/** All prices of a model's row as rows (kind, unit, currency, price); one that holds at some hours has these behind its kind (`windowKey`). */
export function pricesOf(alias: string): string {
  return `(
    SELECT v.kind, 'token' AS unit, 'USD' AS currency, v.price
    FROM (
      VALUES ${Object.keys(TOKEN_PRICES)
        .map((kind) => `('${kind}', ${alias}.${kind}_cost_per_token)`)
        .join(', ')}
    ) AS v (kind, price)
    WHERE v.price IS NOT NULL
    UNION ALL
    SELECT o.kind, o.unit, o.currency, o.price
    FROM jsonb_to_recordset(${alias}.other_prices) AS o (kind text, unit text, currency text, price numeric)
    WHERE NOT (o.unit = 'token' AND o.currency = 'USD' AND o.kind IN (${KINDS}))
    UNION ALL
    SELECT
      k.kind || '@' || translate(w ->> 'days', '[] ', '') || ' ' || (w ->> 'from') || '-' || (w ->> 'to') || ' ' || (w ->> 'timeZone')
        || COALESCE(' ' || (w ->> 'dayTimeZone'), ''),
      'token',
      'USD',
      (w -> 'prices' ->> k.field)::numeric
    FROM jsonb_array_elements(${alias}.price_windows) AS w
    CROSS JOIN (VALUES ${KIND_FIELDS}) AS k (kind, field)
    -- What is pinned holds at all hours.
    WHERE w -> 'prices' ? k.field AND NOT ${alias}.pins ? k.field
  )`
}

/**
 * Ends what does not hold any more and begins what does, in two statements whatever the number of models; of a model that is gone everything
 * ends. To be called after the models were written.
 * @param at ISO 8601
 */
export async function recordPrices(database: Database, at: string, modelIds: readonly number[]): Promise<void> {
  if (modelIds.length === 0) return
  // A clock that went back leaves a price that held for no time, which no read finds.
  await database.query(
    `UPDATE ${database.schema}.model_prices AS o
    SET valid_to = GREATEST(o.valid_from, $2)
    WHERE o.model_id = ANY ($1::bigint[]) AND o.valid_to IS NULL
      AND NOT EXISTS (
        SELECT
        FROM ${database.schema}.models AS m
        CROSS JOIN LATERAL ${pricesOf('m')} AS p
        WHERE m.id = o.model_id AND (p.kind, p.unit, p.currency, p.price) = (o.kind, o.unit, o.currency, o.price)
      )`,
    [modelIds, at],
  )
  await database.query(
    `INSERT INTO ${database.schema}.model_prices (model_id, kind, unit, currency, price, valid_from)
    SELECT m.id, p.kind, p.unit, p.currency, p.price, $2
    FROM ${database.schema}.models AS m
    CROSS JOIN LATERAL ${pricesOf('m')} AS p
    WHERE m.id = ANY ($1::bigint[])
      AND NOT EXISTS (
        SELECT
        FROM ${database.schema}.model_prices AS o
        WHERE o.valid_to IS NULL AND (o.model_id, o.kind, o.unit, o.currency) = (m.id, p.kind, p.unit, p.currency)
      )
    -- Twice in one millisecond: the later one holds.
    ON CONFLICT (model_id, kind, unit, currency, valid_from) DO UPDATE SET price = EXCLUDED.price, valid_to = NULL`,
    [modelIds, at],
  )
}
