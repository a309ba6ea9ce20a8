/** Reads of the catalogue in the shape of the answers: what a filter leaves, and one model. */
import type { ModelRecord, ModelsQuery } from '../../core/model/model-record.js'
import type { PageQuery } from '../../core/schema/page.js'
import { canonicalName } from '../../core/model/canonical-name.js'
import { isKnown } from '../../core/model/field-changes.js'
import { CAPABILITIES, FIELD_NAMES, modelId } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import { searchWords } from '../../core/model/search-words.js'
import { findConflicts, type Pins } from '../../core/model/pins.js'
import { pickFields, selectFields } from '../model-columns.js'
import { isoTime, type Database } from '../database.js'
import { OWN_ALONE, seenByOwnKeys, visibleTo } from '../visible-models.js'
import { SHOWN_MODE } from './shown-mode.js'
import { NAMED_ROW } from './named-row.js'

export interface ModelFilter extends Omit<ModelsQuery, 'canonicalName' | 'sort' | keyof PageQuery> {
  /** Internal ids: only these rows. */
  rowIds?: readonly number[] | undefined
  /** A public id, or an id as its provider knows it. */
  eitherId?: string | undefined
  /** Who asks, and sees beside the catalogue what the own keys have shown; `null` or unset: nobody in particular. */
  viewer?: string | null | undefined
  /** Only what the viewer's own keys alone have shown, or show still. */
  ownAlone?: boolean | undefined
  /** Teams and access groups: only what they may call, and what the viewer's own keys show. Unset: restricted models too. */
  callableBy?: readonly string[] | undefined
}

/** Of `m` and `p` of {@link selection}: what {@link toRecord} reads. */
export const COLUMNS = `
  m.id::float8 AS "rowId",
  p.slug AS provider,
  m.provider_model_id AS "providerModelId",
  m.origin,
  m.availability,
  m.unavailable_reason AS "unavailableReason",
  ${isoTime('m.unavailable_since')} AS "unavailableSince",
  p.stale_since IS NOT NULL AND m.origin = 'synced' AS stale,
  m.hidden,
  m.pins,
  m.upstream,
  m.former_ids AS "formerIds",
  ${isoTime('m.first_seen_at')} AS "firstSeenAt",
  ${isoTime("CASE WHEN m.origin = 'local' THEN NULL WHEN m.listed_reason IS NULL THEN p.last_success_at ELSE m.last_seen_at END")} AS "lastSeenAt",
  ${isoTime('m.updated_at')} AS "updatedAt",
  ${selectFields('m')}`

// ASCII is folded by "C": in a Turkish or Azeri database the lower case of I is not i. The rest is the database's own affair.
const SEARCHED = `lower(
      (p.slug || '/' || m.provider_model_id || ' ' || m.name || ' ' || COALESCE(m.owned_by, '')) COLLATE "C"
    ) COLLATE "default"`

const WHERE = `
  WHERE ($1::text[] IS NULL OR ${SEARCHED} ILIKE ALL ($1))
    AND ($2::text IS NULL OR p.slug = $2)
    AND ($3::text IS NULL OR COALESCE(${SHOWN_MODE}, 'unknown') = $3)
    AND ($4::text IS NULL OR m.availability = $4)
    AND ($5::text IS NULL OR m.owned_by = $5)
    AND ($6::text IS NULL OR m.capabilities @> jsonb_build_object($6::text, true))
    AND ($7::text IS NULL OR p.slug || '/' || m.provider_model_id = $7)
    AND ($8::boolean IS NULL OR m.hidden = $8)
    AND ($9::bigint[] IS NULL OR m.id = ANY ($9))
    AND ($10::integer IS NULL OR m.context_length >= $10)
    AND ($11::integer IS NULL OR m.context_length <= $11)
    AND ($12::numeric IS NULL OR m.input_cost_per_token >= $12)
    AND ($13::numeric IS NULL OR m.input_cost_per_token <= $13)
    AND ($14::numeric IS NULL OR m.output_cost_per_token >= $14)
    AND ($15::numeric IS NULL OR m.output_cost_per_token <= $15)
    AND ($16::text IS NULL OR m.provider_model_id = $16 OR p.slug || '/' || m.provider_model_id = $16)
    AND ($17::text IS NULL OR m.teams ? $17)
    AND ($18::text IS NULL OR m.access_groups ? $18)`

function filterValues(filter: ModelFilter): unknown[] {
  const patterns = searchWords(filter.search ?? '').map((word) => `%${foldAscii(word).replace(/[\\%_]/g, '\\$&')}%`)
  return [
    patterns.length === 0 ? null : patterns,
    filter.provider ?? null,
    filter.mode ?? null,
    filter.availability ?? null,
    filter.ownedBy ?? null,
    filter.capability ?? null,
    filter.id ?? null,
    filter.hidden ?? null,
    filter.rowIds ?? null,
    filter.minContext ?? null,
    filter.maxContext ?? null,
    filter.minInputCost ?? null,
    filter.maxInputCost ?? null,
    filter.minOutputCost ?? null,
    filter.maxOutputCost ?? null,
    filter.eitherId ?? null,
    filter.team ?? null,
    filter.accessGroup ?? null,
  ]
}

function foldAscii(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** How many models a filter leaves: those of all pages. */
export async function countModels(database: Database, filter: ModelFilter): Promise<number> {
  const { from, where, values } = selection(database, filter)
  const { rows } = await database.query<{ total: number }>(`SELECT count(*)::integer AS total ${from} ${where}`, values)
  return rows[0]?.total ?? 0
}

/** The rows that a filter leaves: their FROM and WHERE, and the values of both. */
export function selection(database: Database, filter: ModelFilter): { from: string; where: string; values: unknown[] } {
  const { viewer = null, callableBy } = filter
  const values = [...filterValues(filter), ...(viewer === null ? [] : [viewer])]
  const place = `$${values.length}`
  const seen = viewer === null ? 'false' : seenByOwnKeys(database, place)
  const seenAlone = viewer === null || filter.visibleTo === undefined ? 'true' : seen
  const own = filter.ownAlone === true ? `${seenAlone} AND ${OWN_ALONE}` : seenAlone
  const from = visibleTo(database, viewer === null ? null : place)
  if (callableBy === undefined) return { from, where: `${WHERE} AND ${own}`, values }
  const teams = `$${values.length + 1}::text[]`
  const mayCall = `(m.restricted IS NOT TRUE OR m.teams ?| ${teams} OR m.access_groups ?| ${teams} OR ${seen})`
  return { from, where: `${WHERE} AND ${own} AND ${mayCall}`, values: [...values, callableBy] }
}

/** One model by its public id, with its row's id; `null`: there is none. */
export async function readModel(
  database: Database,
  provider: string,
  providerModelId: string,
  viewer: string | null = null,
): Promise<{ rowId: number; model: ModelRecord } | null> {
  const { rows } = await database.query<Record<string, unknown> & { rowId: number }>(
    `SELECT ${COLUMNS}
    ${visibleTo(database, viewer === null ? null : '$3')}
    WHERE p.slug = $1 AND ${NAMED_ROW}`,
    [provider, providerModelId, ...(viewer === null ? [] : [viewer])],
  )
  const [row] = rows
  return row === undefined ? null : { rowId: row.rowId, model: toRecord(row) }
}

/** @param row of {@link COLUMNS} */
export function toRecord(row: Record<string, unknown>): ModelRecord {
  const {
    rowId: _,
    sortValue: __,
    upstream,
    formerIds,
    ...rest
  } = row as Record<string, unknown> & {
    upstream: Partial<ModelFields>
    formerIds: string[]
    provider: string
    providerModelId: string
    pins: Pins
  }
  const fields = pickFields(row)
  return {
    ...(rest as unknown as ModelRecord),
    id: modelId(rest.provider, rest.providerModelId),
    canonicalName: canonicalName({ ...rest, ownedBy: fields.ownedBy }),
    ...fields,
    aliases: [...new Set([...fields.aliases, ...formerIds])].sort(),
    capabilities: Object.fromEntries(
      CAPABILITIES.map((capability) => [capability, fields.capabilities[capability] ?? null]),
    ) as ModelRecord['capabilities'],
    estimated: [],
    doubts: [],
    conflicts: findConflicts(fields, upstream, rest.pins),
    provenance: provenanceOf(fields, rest.pins, row['origin'] === 'local' ? 'local' : 'upstream'),
  }
}

function provenanceOf(fields: ModelFields, pins: Pins, otherwise: string): Record<string, string> {
  const known = FIELD_NAMES.filter((field) => field in pins || isKnown(fields[field]))
  return Object.fromEntries(known.map((field) => [field, field in pins ? 'pin' : otherwise]))
}
