/** How each field is typed: its text, and what of the text is a value of it. */
import { plainPerMillion, pricePerToken } from '../parts/format.js'
import { isPrice } from '../parts/value.js'
import { readTokens } from './model-query.js'

export interface Editor {
  hint: string
  /** What stands in the field at first. */
  textOf(value: unknown): string
  /** `undefined`: not a value of this field. An empty text is `null`, unknown, where the field may be. */
  valueOf(text: string): unknown
}

const TEXT: Editor = { hint: '', textOf: plain, valueOf: (text) => (text === '' ? null : text) }
const NAME: Editor = { hint: '', textOf: plain, valueOf: (text) => (text === '' ? undefined : text) }
const TOKENS: Editor = {
  hint: 'tokens, such as 128k; empty for unknown',
  textOf: plain,
  valueOf: (text) => (text === '' ? null : (readTokens(text) ?? undefined)),
}
const PRICE: Editor = {
  hint: 'USD per 1M tokens; 0 for free, empty for unknown',
  textOf: (value) => plainPerMillion(value as string | null),
  valueOf: (text) => (text === '' ? null : (pricePerToken(text) ?? undefined)),
}
const LIST: Editor = {
  hint: 'with commas between',
  textOf: (value) => (value as string[]).join(', '),
  valueOf: (text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
}
const DATE: Editor = {
  hint: 'YYYY-MM-DD; empty for unknown',
  textOf: plain,
  valueOf: (text) => (text === '' ? null : /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined),
}

const EDITORS: Record<string, Editor> = {
  name: NAME,
  ownedBy: TEXT,
  mode: { ...TEXT, hint: 'chat, embedding, image_generation, …; empty for unknown' },
  replacedBy: TEXT,
  contextLength: TOKENS,
  maxOutputTokens: TOKENS,
  inputModalities: LIST,
  outputModalities: LIST,
  aliases: LIST,
  deprecationDate: DATE,
}

/** `null`: the field cannot be typed. */
export function editorOf(field: string): Editor | null {
  return EDITORS[field] ?? (isPrice(field) ? PRICE : null)
}

function plain(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}
