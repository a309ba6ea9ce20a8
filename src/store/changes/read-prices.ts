/** Reads of prices over time. */
import type { PricePeriod } from '../../core/prices/price-records.js'
import { isoTime, type Database } from '../database.js'
import { PRICE_FIELDS, pricesOf } from './write-prices.js'
import { visibleTo } from '../visible-models.js'

const COLUMNS = `
  kind,
  unit,
  currency,
  trim_scale(price)::text AS price,
  ${isoTime('valid_from')} AS "validFrom",
  ${isoTime('valid_to')} AS "validTo"`

/** The prices of these rows that held at a time, each once. @param at ISO 8601 */
export async function readPricesAt(
  database: Database,
  modelIds: readonly number[],
  at: string,
): Promise<PricePeriod[]> {
  const { rows } = await database.query<PricePeriod>(
    `SELECT DISTINCT ON (kind, unit, currency) ${COLUMNS}
    FROM ${database.schema}.model_prices
    WHERE model_id = ANY ($1::bigint[]) AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
    -- Where clocks went back two may hold; the one that began later is the newer.
    ORDER BY kind, unit, currency, valid_from DESC`,
    [modelIds, at],
  )
  return rows
}

/** All prices that these rows ever had, the newest first. */
export async function readPriceHistory(
  database: Database,
  modelIds: readonly number[],
  limit: number,
): Promise<PricePeriod[]> {
  const { rows } = await database.query<PricePeriod>(
    `SELECT ${COLUMNS}
    FROM ${database.schema}.model_prices
    WHERE model_id = ANY ($1::bigint[]) AND (valid_to IS NULL OR valid_to > valid_from)
    ORDER BY valid_from DESC, kind, unit, currency
    LIMIT $2`,
    [modelIds, limit],
  )
  return rows
}

/** What names the offer of the newest of these rows, where its prices are upstream's to state: nobody has pinned one. `null`: there is none. */
export async function readUnpriced(
  database: Database,
  modelIds: readonly number[],
): Promise<{ provider: string; providerModelId: string; ownedBy: string | null } | null> {
  const { rows } = await database.query<{ provider: string; providerModelId: string; ownedBy: string | null }>(
    `SELECT
      p.slug AS provider,
      m.provider_model_id AS "providerModelId",
      m.owned_by AS "ownedBy"
    FROM ${database.schema}.models AS m
    JOIN ${database.schema}.providers AS p ON p.id = m.provider_id
    WHERE m.id = ANY ($1::bigint[])
      AND m.origin = 'synced'
      AND NOT m.pins ?| $2
    ORDER BY m.id DESC
    LIMIT 1`,
    [modelIds, PRICE_FIELDS],
  )
  return rows[0] ?? null
}

/**
 * The prices of a model that only this viewer's own keys have shown, since it was last changed: no earlier ones are on record.
 * @returns `null`: there is no such model
 */
export async function readOwnPrices(database: Database, model: string, viewer: string): Promise<PricePeriod[] | null> {
  const { rows } = await database.query<Omit<PricePeriod, 'kind'> & { kind: string | null }>(
    `SELECT
      o.kind,
      o.unit,
      o.currency,
      trim_scale(o.price)::text AS price,
      ${isoTime('m.updated_at')} AS "validFrom",
      NULL AS "validTo"
    ${visibleTo(database, '$2')}
    LEFT JOIN LATERAL ${pricesOf('m')} AS o ON true
    WHERE m.id < 0 AND p.slug || '/' || m.provider_model_id = $1
    ORDER BY o.kind, o.unit, o.currency`,
    [model, viewer],
  )
  // A model without a price is one row of NULLs: the outer join.
  return rows.length === 0 ? null : rows.filter((row): row is PricePeriod => row.kind !== null)
}
