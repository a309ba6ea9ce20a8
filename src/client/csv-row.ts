/** Rows of CSV, as the command line writes them. */
export { csvRow } from '../core/input/csv-row.js'
