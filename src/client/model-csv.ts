/** Models as CSV, as the command line writes them. */
export { CSV_HEADER, modelCsvRow } from '../core/model/model-csv.js'
