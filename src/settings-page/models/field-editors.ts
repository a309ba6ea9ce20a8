/** How each field is typed: its text, and what of the text is a value of it. Pure. */
import { MODES } from '../../client/contract.js'
import { plainPerMillion, pricePerToken } from '../parts/format.js'
import { formatMode } from '../parts/labels.js'
import { priceWindowsOf, priceWindowsText } from '../parts/price-windows.js'
import { isPrice } from '../parts/value.js'
import { readTokens } from './model-query.js'
import { otherPricesOf, otherPricesText } from './other-prices.js'

export interface Editor {
  hint: string
  /** It is chosen from these in place of being typed. */
  choices?: [value: string, title: string][]
  /** It may take more than one line. */
  long?: boolean
  /** What stands in the field at first. */
  textOf(value: unknown): string
  /** `undefined`: not a value of this field. An empty text is `null`, unknown, where the field may be. */
  valueOf(text: string): unknown
}

const TEXT: Editor = { hint: 'empty for unknown', textOf: plain, valueOf: (text) => (text === '' ? null : text) }
const NAME: Editor = { hint: 'a text', textOf: plain, valueOf: (text) => (text === '' ? undefined : text) }
const MODE: Editor = {
  ...TEXT,
  hint: '',
  choices: [['', 'unknown'], ...MODES.map((mode): [string, string] => [mode, formatMode(mode)])],
}
const COUNT: Editor = {
  hint: 'a whole number; empty for unknown',
  textOf: plain,
  valueOf: (text) => (text === '' ? null : /^\d{1,9}$/.test(text) ? Number(text) : undefined),
}
const FLAG: Editor = {
  hint: '',
  choices: [
    ['', 'unknown'],
    ['yes', 'yes'],
    ['no', 'no'],
  ],
  textOf: (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : ''),
  valueOf: (text) => (text === '' ? null : text === 'yes'),
}
const TOKENS: Editor = {
  hint: 'tokens, such as 128000 or 128k; empty for unknown',
  textOf: plain,
  valueOf: (text) => (text === '' ? null : (readTokens(text) ?? undefined)),
}
const PRICE: Editor = {
  hint: 'USD per 1M tokens with a decimal point, such as 1.25; 0 for free, empty for unknown',
  textOf: (value) => plainPerMillion(value as string | null),
  valueOf: (text) => (text === '' ? null : (pricePerToken(text) ?? undefined)),
}
const PRICES: Editor = {
  hint: 'one a line, with a decimal point: input_audio 1.25 USD per 1M tokens, or output_image 0.04 USD per image; empty for none',
  long: true,
  textOf: otherPricesText,
  valueOf: otherPricesOf,
}
const WINDOWS: Editor = {
  hint: 'one a line, in USD per 1M tokens: Mon,Tue 16:30-00:30 UTC: input 0.14, output 0.28; without days each day; empty for none',
  long: true,
  textOf: priceWindowsText,
  valueOf: priceWindowsOf,
}
const LIST: Editor = {
  hint: 'with commas between; empty for none',
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
const TIME: Editor = {
  hint: 'YYYY-MM-DD, or with a time such as 2026-11-24T12:00Z; empty for unknown',
  textOf: plain,
  valueOf: (text) => (text === '' ? null : /^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(text) ? text : undefined),
}

const EDITORS: Record<string, Editor> = {
  name: NAME,
  description: { ...TEXT, long: true },
  ownedBy: TEXT,
  mode: MODE,
  replacedBy: TEXT,
  contextLength: TOKENS,
  maxOutputTokens: TOKENS,
  otherPrices: PRICES,
  priceWindows: WINDOWS,
  inputModalities: LIST,
  outputModalities: LIST,
  aliases: LIST,
  deployments: COUNT,
  rpm: COUNT,
  tpm: COUNT,
  restricted: FLAG,
  teams: LIST,
  accessGroups: LIST,
  createdAt: TIME,
  deprecationDate: DATE,
}

/** `null`: the field is not typed as one text; capabilities are chosen one by one. */
export function editorOf(field: string): Editor | null {
  return EDITORS[field] ?? (isPrice(field) ? PRICE : null)
}

function plain(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}
