/** Rows of CSV, as the command line writes them. */
export { csvCell, csvRow } from '../core/input/csv-row.js'
