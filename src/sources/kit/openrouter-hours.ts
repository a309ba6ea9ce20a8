/** Prices in OpenRouter's shape that hold at certain hours: the entries of `overrides` that name a time. */
import { cleanWindow, type PriceWindow } from '../../core/model/price-window.js'
import { toDecimal } from '../../core/model/price.js'
import { isUnsaid, recordsOf, type Members } from './entry.js'
import type { PriceFields } from './prices.js'

const PRICES = [
  ['prompt', 'inputCostPerToken'],
  ['completion', 'outputCostPerToken'],
  ['input_cache_read', 'cacheReadCostPerToken'],
  ['input_cache_write', 'cacheWriteCostPerToken'],
] as const
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WHOLE_WEEK = [1, 2, 3, 4, 5, 6, 7]
const DAY_MINUTES = 1440
/** No model has as many; each is compared with all of them. */
const MOST_RULES = 32
const NONE: PriceWindow[] = []

type WindowPrices = Partial<Record<(typeof PRICES)[number][1], string>>

interface Rule {
  days: readonly number[]
  /** Minutes of the day, from on and to without; the same twice: the whole day. */
  from: number
  to: number
  prices: WindowPrices
}

/**
 * Of the entries that apply the last one counts, price by price, and what it does not state is the price of all hours: so the week is cut where an entry
 * begins or ends. One for long prompts at certain hours is passed over. Throws nothing.
 * @param always the prices of all hours, USD per token
 * @see https://openrouter.ai/docs/client-sdks/typescript/models/pricingoverride (read 2026-11)
 */
export function readOpenrouterHours(
  { overrides }: Members,
  always: PriceFields,
): { windows: PriceWindow[]; warning: string | null } {
  if (!Array.isArray(overrides)) return { windows: NONE, warning: null }
  const hourly = recordsOf(overrides).filter(isHourly)
  if (hourly.length === 0) return { windows: NONE, warning: null }
  const rules = hourly.slice(0, MOST_RULES).flatMap((rule) => readRule(rule) ?? [])
  const warning =
    rules.length === hourly.length ? null : 'some prices that hold at certain hours are not kept, the others are'
  return { windows: windowsOf(rules, always), warning }
}

/** Whether the entry of `overrides` holds at certain hours alone. Throws nothing. */
export function isHourly(rule: Members): boolean {
  return ['utc_start', 'utc_end', 'utc_days'].some((name) => !isUnsaid(rule[name]))
}

function readRule(rule: Members): Rule | null {
  const [from, to] = [minuteOf(rule['utc_start']), minuteOf(rule['utc_end'])]
  const days = isUnsaid(rule['utc_days']) ? WHOLE_WEEK : daysOf(rule['utc_days'])
  if (from === null || to === null || days === null || !isUnsaid(rule['min_prompt_tokens'])) return null
  const prices = PRICES.flatMap(([member, field]) => {
    const price = isUnsaid(rule[member]) ? null : toDecimal(rule[member])
    return price === null ? [] : [[field, price] as const]
  })
  return { days, from, to, prices: Object.fromEntries(prices) }
}

/** `1630` is half past four; without it the day begins, or ends. */
function minuteOf(value: unknown): number | null {
  if (isUnsaid(value)) return 0
  const digits = String(value).trim().replace(':', '')
  const [hours, minutes] = /^\d{1,4}$/.test(digits) ? [Math.floor(Number(digits) / 100), Number(digits) % 100] : [99, 0]
  return hours > 24 || minutes > 59 ? null : (hours * 60 + minutes) % DAY_MINUTES
}

function daysOf(value: unknown): number[] | null {
  const days = (Array.isArray(value) ? (value as unknown[]) : [value]).map((day) =>
    typeof day === 'string' ? DAYS.indexOf(day.trim().slice(0, 3).toLowerCase()) + 1 : 0,
  )
  return days.includes(0) ? null : days
}

function windowsOf(rules: readonly Rule[], always: PriceFields): PriceWindow[] {
  const edges = [...new Set([0, DAY_MINUTES, ...rules.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  const windows = new Map<string, { from: number; to: number; prices: WindowPrices; days: number[] }>()
  for (const day of WHOLE_WEEK) {
    let open: { from: number; to: number; prices: WindowPrices } | null = null
    for (const [at, from] of edges.slice(0, -1).entries()) {
      const prices = pricesAt(rules, day, from, always)
      const to = edges[at + 1]!
      if (open !== null && JSON.stringify(open.prices) === JSON.stringify(prices)) open.to = to
      else {
        close(open, day)
        open = { from, to, prices }
      }
    }
    close(open, day)
  }
  return [...windows.values()].flatMap(({ from, to, ...window }) => {
    return cleanWindow({ ...window, from: clockOf(from), to: clockOf(to), timeZone: 'UTC' }) ?? []
  })

  function close(span: { from: number; to: number; prices: WindowPrices } | null, day: number): void {
    if (span === null || Object.keys(span.prices).length === 0) return
    const key = JSON.stringify(span)
    const known = windows.get(key)
    if (known === undefined) windows.set(key, { ...span, days: [day] })
    else known.days.push(day)
  }
}

/** Where they differ from those of all hours. */
function pricesAt(rules: readonly Rule[], day: number, minute: number, always: PriceFields): WindowPrices {
  const stated = rules.filter((rule) => holds(rule, day, minute)).map(({ prices }) => prices)
  const prices = PRICES.flatMap(([, field]) => {
    const price = stated.findLast((one) => one[field] !== undefined)?.[field]
    return price === undefined || price === always[field] ? [] : [[field, price] as const]
  })
  return Object.fromEntries(prices)
}

function holds({ days, from, to }: Rule, day: number, minute: number): boolean {
  if (!days.includes(day)) return false
  return from < to ? from <= minute && minute < to : from === to || minute >= from || minute < to
}

function clockOf(minute: number): string {
  const parts = [Math.floor(minute / 60) % 24, minute % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
