/** Prices beyond the four token prices as text, one a line, and back, exactly. Pure. */
import type { OtherPrice } from '../../client/contract.js'
import { plainPerMillion, pricePerToken } from '../parts/format.js'

const TOKENS = '1M tokens'
// What the price is for ends with a word: of `output 0, 15 USD` the price is not 15.
const LINE = /^(\S.*?(?<![\d.,]))\s+(\d*\.?\d+)\s+([A-Za-z]{3})\s+per\s+(\S.*)$/

/** `"input_audio 1.25 USD per 1M tokens"` for each. */
export function otherPricesText(value: unknown): string {
  return (value as OtherPrice[])
    .map(({ kind, unit, currency, price }) =>
      unit === 'token'
        ? `${kind} ${plainPerMillion(price)} ${currency} per ${TOKENS}`
        : `${kind} ${price} ${currency} per ${unit}`,
    )
    .join('\n')
}

/** @returns `undefined`: a line is no price */
export function otherPricesOf(text: string): OtherPrice[] | undefined {
  const prices = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(priceOf)
  return prices.every((price) => price !== null) ? prices : undefined
}

function priceOf(line: string): OtherPrice | null {
  const [, kind, number, currency, unit] = LINE.exec(line) ?? []
  if (kind === undefined || number === undefined || currency === undefined || unit === undefined) return null
  const ofTokens = unit.toLowerCase() === TOKENS.toLowerCase()
  const price = ofTokens ? pricePerToken(number) : number.replace(/^(?=\.)/, '0')
  return price === null ? null : { kind, unit: ofTokens ? 'token' : unit, currency: currency.toUpperCase(), price }
}
