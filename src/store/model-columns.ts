/** The columns of a model's fields: how they are named, sent and read. */
import { FIELDS, FIELD_NAMES, type FieldName, type FieldType } from '../core/model/model.js'
import type { ModelFields } from '../core/model/model-fields.js'
import { isoDate, isoTime } from './database.js'

const SQL_TYPES: Record<FieldType, string> = {
  text: 'text',
  mode: 'text',
  integer: 'integer',
  decimal: 'numeric',
  count: 'bigint',
  flag: 'boolean',
  set: 'jsonb',
  capabilities: 'jsonb',
  prices: 'jsonb',
  windows: 'jsonb',
  timestamp: 'timestamptz',
  date: 'date',
}

/** `inputCostPerToken` is stored in `input_cost_per_token`. */
export function columnOf(field: FieldName): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `name, description, …`: the columns of all fields, perhaps behind an alias. */
export function fieldColumns(alias?: string): string {
  return FIELD_NAMES.map((field) => (alias === undefined ? columnOf(field) : `${alias}.${columnOf(field)}`)).join(', ')
}

/** `"name" text, …`: the members of one model's JSON object, for json_to_recordset. */
export const FIELD_RECORD = FIELD_NAMES.map((field) => `"${field}" ${SQL_TYPES[FIELDS[field]]}`).join(', ')

/** `v."name", …`: the same members, in the order of {@link fieldColumns}. */
export const FIELD_VALUES = FIELD_NAMES.map((field) => `v."${field}"`).join(', ')

/** `name = v."name", …` */
export const FIELD_ASSIGNMENTS = FIELD_NAMES.map((field) => `${columnOf(field)} = v."${field}"`).join(', ')

/** Of the columns that are never NULL what they hold where nothing is known, as JSON: for rows that were written before a column was there. */
export const UNKNOWN_COLUMNS = JSON.stringify(
  Object.fromEntries(
    FIELD_NAMES.filter((field) => SQL_TYPES[FIELDS[field]] === 'jsonb').map((field) => [
      columnOf(field),
      FIELDS[field] === 'capabilities' ? {} : [],
    ]),
  ),
)

/** The fields as our answers spell them: decimals, times and dates as text. */
export function selectFields(alias: string): string {
  return FIELD_NAMES.map((field) => `${read(FIELDS[field], `${alias}.${columnOf(field)}`)} AS "${field}"`).join(',\n  ')
}

function read(type: FieldType, column: string): string {
  if (type === 'decimal') return `${column}::text`
  // Which a driver would else give as text.
  if (type === 'count') return `${column}::float8`
  if (type === 'timestamp') return isoTime(column)
  if (type === 'date') return isoDate(column)
  return column
}

/** The fields out of a row that also has other columns. */
export function pickFields(row: Record<string, unknown>): ModelFields {
  return Object.fromEntries(FIELD_NAMES.map((field) => [field, row[field]])) as unknown as ModelFields
}
