/** Models as CSV: the same columns wherever it is written. */
import { csvCell, csvRow as row } from '../input/csv-row.js'
import { CAPABILITIES } from './model.js'
import { EXPORTED_MEMBERS, type ExportedModel } from './exported-model.js'

const COLUMNS = EXPORTED_MEMBERS.filter((member) => member !== 'capabilities')

/** A column per field and per capability; an empty cell is unknown. */
export const CSV_HEADER = row([...COLUMNS, ...CAPABILITIES])

export function modelCsvRow(model: ExportedModel): string {
  return row([
    ...COLUMNS.map((column) => csvCell(model[column])),
    ...CAPABILITIES.map((capability) => csvCell(model.capabilities[capability])),
  ])
}
