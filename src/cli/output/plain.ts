/** Words of upstreams and of people, made fit for a terminal. */

import { oneLine } from '../../core/input/one-line.js'

export { oneLine as plain } from '../../core/input/one-line.js'

/** Any value of a field in one short line; `null` is a dash. */
export function shortValue(value: unknown): string {
  if (value === null || value === undefined) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return shorten(oneLine(text), 80)
}

/** At most so many characters, the last an ellipsis. */
export function shorten(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** `1 model`, `3 models`. */
export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`
}
