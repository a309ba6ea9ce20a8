/** Texts for a database that is not in UTF-8: a character that it cannot hold would fail the statement, and with it every row of it. */
import type { DatabasePool } from './database-pool.js'
import { JsonValue } from './json-value.js'

/** A text as the database can hold it. */
export type FitText = (text: string) => string

/** By PostgreSQL's names; of those with several bytes a character only ASCII counts, since no two tables of them are alike. */
const LABELS: Readonly<Record<string, string>> = {
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'windows-1254',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
}

/** Beyond U+00A0 to U+00FF. Node 20 decodes windows-1252 as if it were LATIN1. */
const WIN1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'

const known = new WeakMap<DatabasePool, { encoding: string; fit: FitText }>()

/** @param encoding PostgreSQL's `server_encoding` */
export function rememberEncoding(pool: DatabasePool, encoding: string): void {
  const holds = holdsOf(encoding)
  if (holds !== null) known.set(pool.root ?? pool, { encoding, fit: (text) => fit(text, holds) })
}

/** `null`: the database holds every text. */
export function encodingOf(pool: DatabasePool): { encoding: string; fit: FitText } | null {
  return known.get(pool.root ?? pool) ?? null
}

/** The values of a statement, with each text in them as the database can hold it. */
export function fitValues(pool: DatabasePool, values: unknown[] | undefined): unknown[] | undefined {
  const encoding = encodingOf(pool)
  return encoding === null ? values : values?.map((value) => fitValue(value, encoding.fit))
}

function fitValue(value: unknown, fit: FitText): unknown {
  if (typeof value === 'string') return fit(value)
  if (value instanceof JsonValue) return fit(value.bytes.toString())
  return Array.isArray(value) ? value.map((member) => fitValue(member, fit)) : value
}

/** Each character by its code, `~6a21`: two ids that differ stay different. It stands in JSON as it is, and is at most 2.5 times as long. */
function fit(text: string, holds: (character: string) => boolean): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[^\u0000-\u007f]/gu, (character) =>
    holds(character) ? character : `~${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}

/** `null`: all. SQL_ASCII keeps the bytes of UTF-8 as they come. */
function holdsOf(encoding: string): ((character: string) => boolean) | null {
  if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return null
  if (encoding === 'LATIN1') return (character) => character <= '\u00ff'
  if (encoding === 'WIN1252')
    return (character) => (character >= '\u00a0' && character <= '\u00ff') || WIN1252.includes(character)
  const label = /^WIN125\d$/.test(encoding) ? `windows-${encoding.slice(3)}` : LABELS[encoding]
  if (label === undefined) return () => false
  const upper = new TextDecoder(label).decode(Uint8Array.from({ length: 128 }, (_, at) => at + 128))
  // Where a byte stands for nothing, the decoder says U+FFFD or a control; PostgreSQL takes neither there.
  const characters = new Set([...upper].filter((character) => character > '\u009f' && character !== '\ufffd'))
  return (character) => characters.has(character)
}
