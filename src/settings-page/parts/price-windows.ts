/** Prices by the hour as text, a window a line, and back, exactly. Pure. */
import type { PriceWindow } from '../../client/contract.js'
import { plainPerMillion, pricePerToken } from './format.js'

const KINDS = {
  input: 'inputCostPerToken',
  output: 'outputCostPerToken',
  'cache read': 'cacheReadCostPerToken',
  'cache write': 'cacheWriteCostPerToken',
} as const
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const LINE = /^(?:((?:[A-Z][a-z]{2},?)+) )?(\d\d:\d\d)-(\d\d:\d\d) (\S+?)(?: \(days (\S+)\))?: (.+)$/

/** `"Mon,Tue 16:30-00:30 UTC: input 0.14, output 0.28"`, USD per 1M tokens; without days: each day. */
export function priceWindowsText(value: unknown): string {
  return (value as PriceWindow[])
    .map(({ days, from, to, timeZone, dayTimeZone, prices }) => {
      const week = days.length === DAYS.length ? '' : `${days.map((day) => DAYS[day - 1]).join(',')} `
      const zone = dayTimeZone === undefined ? timeZone : `${timeZone} (days ${dayTimeZone})`
      const stated = Object.entries(KINDS).flatMap(([kind, field]) =>
        prices[field] === undefined ? [] : `${kind} ${plainPerMillion(prices[field])}`,
      )
      return `${week}${from}-${to} ${zone}: ${stated.join(', ')}`
    })
    .join('\n')
}

/** @returns `undefined`: a line is no window */
export function priceWindowsOf(text: string): PriceWindow[] | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const windows = lines.filter((line) => line !== '').map(windowOf)
  return windows.every((window) => window !== null) ? windows : undefined
}

function windowOf(line: string): PriceWindow | null {
  const [, week, from, to, timeZone, dayTimeZone, stated] = LINE.exec(line) ?? []
  if (from === undefined || to === undefined || timeZone === undefined || stated === undefined) return null
  const days =
    week === undefined ? DAYS.map((_, index) => index + 1) : week.split(',').map((day) => DAYS.indexOf(day) + 1)
  const prices: PriceWindow['prices'] = {}
  for (const part of stated.split(',').map((one) => one.trim())) {
    const [, kind = '', number = ''] = /^(.+?) (\S+)$/.exec(part) ?? []
    const price = pricePerToken(number)
    if (!(kind in KINDS) || price === null) return null
    prices[KINDS[kind as keyof typeof KINDS]] = price
  }
  return { days, from, to, timeZone, ...(dayTimeZone === undefined ? {} : { dayTimeZone }), prices }
}
