/** Models as CSV. */
import { csvRow as row } from '../../core/input/csv-row.js'
import { CAPABILITIES } from '../../core/model/model.js'
import { EXPORTED_MEMBERS, type ExportedModel } from './export-record.js'

const COLUMNS = EXPORTED_MEMBERS.filter((member) => member !== 'capabilities')

/** A column per field and per capability; an empty cell is unknown. */
export const CSV_HEADER = row([...COLUMNS, ...CAPABILITIES])

export function csvRow(model: ExportedModel): string {
  return row([
    ...COLUMNS.map((column) => cellOf(model[column])),
    ...CAPABILITIES.map((capability) => cellOf(model.capabilities[capability])),
  ])
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) {
    if (value.length === 0) return ''
    return value.every((member) => typeof member === 'string') ? value.join('; ') : JSON.stringify(value)
  }
  return String(value)
}
