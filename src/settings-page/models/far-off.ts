/** Whether a value that is typed is so far off upstream's that a slip is likelier than a price cut: a point forgotten, a unit mistaken. Pure. */
import type { OtherPrice } from '../../client/contract.js'
import { formatValue, isPrice } from '../parts/value.js'
import { otherPricesText } from './other-prices.js'

/** The guard of a sync holds a price that upstream changes as much. */
const FACTOR = 10
const ASK = 'If you mean it, press the button again.'
const SAME = ['kind', 'unit', 'currency'] as const

/** What to ask back; `null`: nothing. Only prices and numbers of tokens are compared, and only where upstream states one. */
export function askBack(field: string, typed: unknown, upstream: unknown): string | null {
  if (field === 'otherPrices') return askBackOthers(typed as OtherPrice[] | null, upstream as OtherPrice[] | null)
  if (!isPrice(field) && field !== 'contextLength' && field !== 'maxOutputTokens') return null
  if (typed === null || upstream === null || upstream === undefined) return null
  const off = compare(Number(typed), Number(upstream))
  return off === null
    ? null
    : `${formatValue(field, typed)} is ${off} upstream’s ${formatValue(field, upstream)}. ${ASK}`
}

/** Each price is compared with upstream's for the same thing. */
function askBackOthers(typed: readonly OtherPrice[] | null, upstream: readonly OtherPrice[] | null): string | null {
  for (const price of typed ?? []) {
    const stated = upstream?.find((one) => SAME.every((member) => one[member] === price[member]))
    const off = stated === undefined ? null : compare(Number(price.price), Number(stated.price))
    if (stated === undefined || off === null) continue
    return `${otherPricesText([price])} is ${off} upstream’s ${otherPricesText([stated])}. ${ASK}`
  }
  return null
}

/** How far a value is off what upstream states; `null`: near enough, or there is nothing to compare with. */
function compare(value: number, stated: number): string | null {
  if (!(stated > 0) || !Number.isFinite(value)) return null
  const times = value / stated
  if (times < FACTOR && times > 1 / FACTOR) return null
  return times >= 1 ? `${round(times)} times` : times === 0 ? 'nothing of' : `1/${round(1 / times)} of`
}

function round(times: number): string {
  return times.toLocaleString('en', { maximumSignificantDigits: 3 })
}
