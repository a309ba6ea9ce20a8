/** A row of CSV (RFC 4180) that is safe to open in a spreadsheet. */
import { oneLine } from './one-line.js'

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`
}

/** The text of a cell; empty: unknown. A list of texts is one cell. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (!Array.isArray(value)) return String(value)
  return value.every((member) => typeof member === 'string') ? value.join('; ') : JSON.stringify(value)
}

// A spreadsheet takes a cell that starts so for a formula, which may fetch and send; an apostrophe makes it text. The small and full-width signs count
// as the plain ones there. @see https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11)
const FORMULA = /^\s*[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]/

function quote(cell: string): string {
  const text = oneLine(cell)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
