/** Reads for comparing the offers of one model: which providers have changed, and what their entries say. */
import type { OtherPrice } from '../../core/model/model-fields.js'
import type { PriceWindow } from '../../core/model/price-window.js'
import { FILLED_FIELDS } from '../../core/prices/facts.js'
import { columnOf } from '../model-columns.js'
import { isoTime, type Database } from '../database.js'

/** One entry, short: sets and capabilities as JSON text, since thousands share a few. */
export interface OfferRow {
  rowId: number
  providerModelId: string
  ownedBy: string | null
  /** Upstream lists it now, so that what it says counts. */
  speaks: boolean
  /** Fields set by hand. */
  pinned: string[]
  /** Upstream states prices in another currency than USD. */
  foreignPrices: boolean
  /** ISO 8601. */
  createdAt: string | null
  /** ISO date. */
  deprecationDate: string | null
  mode: string | null
  contextLength: number | null
  maxOutputTokens: number | null
  inputModalities: string
  outputModalities: string
  capabilities: string
  inputCostPerToken: string | null
  outputCostPerToken: string | null
  cacheReadCostPerToken: string | null
  cacheWriteCostPerToken: string | null
}

/** One entry with prices that may be hard to believe, of those that {@link OfferRow} does not have. */
export interface PricedRow extends OfferRow {
  otherPrices: OtherPrice[]
  priceWindows: PriceWindow[]
}

/** Per token and far off, or by the length of the prompt; few have any. @see findDoubts */
const SUSPECT_PRICES =
  '$[*] ? ((@.unit == "token" && (@.price.double() > 0.01 || @.price.double() < 0.0000000001)) || @.kind like_regex "_tier_[0-9]+_")'

const BATCH = 2000

/** By slug a text that differs whenever the provider's models do. */
export async function readProviderStates(database: Database): Promise<Map<string, string>> {
  const { rows } = await database.query<{ slug: string; state: string }>(
    // With the row's own time, in case the catalogue was emptied and filled anew.
    `SELECT slug, id || ' ' || version || ' ' || created_at AS state FROM ${database.schema}.providers`,
  )
  return new Map(rows.map(({ slug, state }) => [slug, state]))
}

/** All entries of a provider, those that upstream does not list now too; in batches, so that 22,000 of them do not hold up everybody else. */
export function readOfferRows(database: Database, provider: string): AsyncGenerator<OfferRow[], void> {
  return readBatches(database, provider, '')
}

/** As {@link readOfferRows}, with the other prices that may be hard to believe. */
export function readPricedRows(database: Database, provider: string): AsyncGenerator<PricedRow[], void> {
  return readBatches<PricedRow>(
    database,
    provider,
    `jsonb_path_query_array(m.${columnOf('otherPrices')}, '${SUSPECT_PRICES}') AS "otherPrices",
      m.${columnOf('priceWindows')} AS "priceWindows",`,
  )
}

async function* readBatches<Row extends OfferRow>(
  database: Database,
  provider: string,
  columns: string,
): AsyncGenerator<Row[], void> {
  for (let last: string | null = null, more = true; more;) {
    const rows: Row[] = await readBatch<Row>(database, provider, columns, last)
    yield rows
    more = rows.length === BATCH
    last = rows.at(-1)?.providerModelId ?? null
  }
}

async function readBatch<Row extends OfferRow>(
  database: Database,
  provider: string,
  columns: string,
  after: string | null,
): Promise<Row[]> {
  const { rows } = await database.query<Row>(
    `SELECT
      m.id::float8 AS "rowId",
      m.provider_model_id AS "providerModelId",
      m.owned_by AS "ownedBy",
      m.availability = 'available' AND m.origin = 'synced' AS speaks,
      CASE WHEN m.pins = '{}' THEN '{}' ELSE ARRAY(SELECT jsonb_object_keys(m.pins)) END AS pinned,
      m.${columnOf('otherPrices')} @? '$[*] ? (@.currency != "USD")' AS "foreignPrices",
      ${columns}
      ${isoTime(`m.${columnOf('createdAt')}`)} AS "createdAt",
      m.${columnOf('deprecationDate')}::text AS "deprecationDate",
      ${FILLED_FIELDS.map((field) => `${spell(field)} AS "${field}"`).join(',\n      ')}
    FROM ${database.schema}.models AS m
    WHERE m.provider_id = (SELECT id FROM ${database.schema}.providers WHERE slug = $1)
      AND ($2::text IS NULL OR m.provider_model_id > $2)
    ORDER BY m.provider_model_id
    LIMIT $3`,
    [provider, after, BATCH],
  )
  return rows
}

function spell(field: (typeof FILLED_FIELDS)[number]): string {
  const column = `m.${columnOf(field)}`
  return field === 'contextLength' || field === 'maxOutputTokens' ? column : `${column}::text`
}
