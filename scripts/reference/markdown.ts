/** Page and table: the few pieces of Markdown that the generated pages are made of. */

/** A page of `docs/reference/`, by its file name. */
export interface Page {
  file: string
  text: string
}

/** @param lines blocks of Markdown, joined by blank lines */
export function page(file: string, from: string, ...blocks: (string | readonly string[])[]): Page {
  const notice = `<!-- Written by npm run docs:generate from ${from}. Change that, not this page. -->`
  return { file, text: `${[notice, ...blocks.flat()].join('\n\n')}\n` }
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text: string): string => `\`${text}\``

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return ''
  // Not of a name such as models.json, which has its own spelling.
  const start = /^[a-z][\w-]*(?:\.\w|[A-Z(]|:\/\/)/.test(trimmed)
    ? trimmed
    : `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}`
  return /[.!?:]$/.test(start) ? start : `${start}.`
}

// A pipe ends a cell, also in code; an angle bracket outside of code would be HTML.
function cell(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`|<br>)/)
    .map((part) => (/^(?:`|<br>)/.test(part) ? part : part.replaceAll('<', '&lt;')))
    .join('')
}
