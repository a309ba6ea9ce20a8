/** What a member looks like: by its name first, since a number alone may be anything. */
import { LOOKS, type Look } from '../../core/providers/drift.js'
import { readTime } from './time.js'

const PRICE =
  /^(?:pric\w*|costs?|rates?|fees?|usd|eur|cny|cents?|tariffs?|discounts?|billing|charges?|credits?|surcharge|amount)$/
const DATE =
  /^(?:dates?|times?|timestamp|ts|at|on|created|updated|modified|released?|releases|deprecat\w*|retire\w*|expir\w*|shutdown|sunset|eol|until|since|starts?|ends?|begins?|year|month|day)$/
const LIMIT =
  /^(?:context|lengths?|limits?|max|maximum|min|minimum|windows?|tokens?|threshold|quota|rpm|tpm|rpd|tpd|capacity|above|below|up|from|to)$/
const FLAG = /^(?:capabilit\w*|features?|supports?|supported|modalit\w*|is|has|can|enabled|disabled)$/
const NUMBER = /^\s*[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?\s*$/i
const MONEY = /^\s*(?:USD|US\$|[$€£¥])\s*\d/
/** USD for one token, whatever its name: nothing else is that small. */
const SMALL_PRICE = 0.001
/** Numbers that tell no limit by themselves. */
const LEAST_LIMIT = 16

/**
 * @param value no object or list, save where all in it is of no interest
 */
export function looksOf(path: string, value: unknown): Look {
  const parts = path.split('.')
  const own = wordsOf(parts.at(-1) ?? '')
  const above = parts.slice(0, -1).flatMap(wordsOf)
  if (typeof value === 'boolean') return 'flag'
  const isText = typeof value === 'string'
  if (isText && MONEY.test(value)) return 'price'
  const isDate = (words: readonly string[]): boolean => words.some((word) => DATE.test(word))
  if (typeof value !== 'number' && !(isText && NUMBER.test(value))) {
    if (isText && value.length >= 8 && readTime(value) !== null) return 'date'
    return [...own, ...above].some((word) => FLAG.test(word)) || value === 'true' || value === 'false' ? 'flag' : 'text'
  }
  const number = Number(value)
  const isLimit = Number.isInteger(number) && number >= LEAST_LIMIT && own.some((word) => LIMIT.test(word))
  if (isDate(own) && readTime(value) !== null) return 'date'
  if (own.some((word) => PRICE.test(word)) && !own.includes('limit')) return 'price'
  if (isDate(own) && isDate(above)) return 'date'
  if (isLimit) return 'limit'
  if (above.some((word) => PRICE.test(word)) || (number > 0 && number < SMALL_PRICE)) return 'price'
  return Number.isInteger(number) && above.some((word) => LIMIT.test(word)) && number >= LEAST_LIMIT
    ? 'limit'
    : 'number'
}

/** The one that says more. */
export function moreTelling(a: Look | null, b: Look): Look {
  return a !== null && LOOKS.indexOf(a) <= LOOKS.indexOf(b) ? a : b
}

/** `inputCostPerToken`, `input-cost_per token`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}
