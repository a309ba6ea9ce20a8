/** Models as CSV. */
import { csvCell, csvRow as row } from '../../core/input/csv-row.js'
import { CAPABILITIES } from '../../core/model/model.js'
import { EXPORTED_MEMBERS, type ExportedModel } from './export-record.js'

const COLUMNS = EXPORTED_MEMBERS.filter((member) => member !== 'capabilities')

/** A column per field and per capability; an empty cell is unknown. */
export const CSV_HEADER = row([...COLUMNS, ...CAPABILITIES])

export function csvRow(model: ExportedModel): string {
  return row([
    ...COLUMNS.map((column) => csvCell(model[column])),
    ...CAPABILITIES.map((capability) => csvCell(model.capabilities[capability])),
  ])
}
