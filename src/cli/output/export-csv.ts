/** Models as CSV (RFC 4180), safe to open in a spreadsheet. */
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

function row(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`
}

/** A spreadsheet takes a cell that starts so for a formula, which may fetch and send; an apostrophe makes it text. @see https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11) */
function quote(text: string): string {
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
