/** Alibaba's prices by the hour: which hours a row's `time_band` names. */
import { cleanWindow, type PriceWindow } from '../../../core/model/price-window.js'
import { isRecord } from '../../kit/entry.js'

const HOURS = /(\d?\d:\d\d)(?::\d\d)?\s*(?:-|–|~|to)\s*(\d?\d:\d\d)/i
/** Names of one end of the hours in a band that is an object. */
const ENDS = [
  ['start_time', 'end_time'],
  ['start', 'end'],
  ['from', 'to'],
] as const
const FIELDS: Readonly<Record<string, string>> = {
  input: 'inputCostPerToken',
  output: 'outputCostPerToken',
  cache_read: 'cacheReadCostPerToken',
  cache_write: 'cacheWriteCostPerToken',
}

/**
 * Hours in words (`00:00-08:00`, `22:00~06:00 UTC`) or as an object with a start and an end; in the time of Beijing and Singapore unless the band says
 * UTC. A band without hours (`off-peak`) says nothing of when it is. Throws nothing.
 * @param prices USD per token, by kind
 * @returns `null`: the band names no hours, or there is no token price
 */
export function readTimeBand(band: unknown, prices: ReadonlyMap<string, string>): PriceWindow | null {
  const [, from, to] = HOURS.exec(hoursOf(band)) ?? []
  if (from === undefined || to === undefined) return null
  const isUtc = /\b(utc|gmt)\b(?!\s*[+-]?\s*0?[1-9])/i.test(JSON.stringify(band))
  const stated = [...prices].flatMap(([kind, price]) => (FIELDS[kind] === undefined ? [] : [[FIELDS[kind], price]]))
  return cleanWindow({
    ...{ from: from.padStart(5, '0'), to: to.padStart(5, '0'), timeZone: isUtc ? 'UTC' : 'Asia/Shanghai' },
    prices: Object.fromEntries(stated),
  })
}

function hoursOf(band: unknown): string {
  if (typeof band === 'string') return band
  if (!isRecord(band)) return ''
  const ends = ENDS.find(([start, end]) => typeof band[start] === 'string' && typeof band[end] === 'string')
  return ends === undefined ? '' : `${String(band[ends[0]])}-${String(band[ends[1]])}`
}
