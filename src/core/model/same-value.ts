/** Whether two values of a field are the same, whatever the order of their members. */
import type { FieldType } from './model.js'
import { spellWindow, type PriceWindow } from './price-window.js'
import type { OtherPrice } from './model-fields.js'

/**
 * Decimals, dates and texts are canonical strings by the time they come here, so that equality is enough for them.
 * Sets and prices are compared sorted. Throws nothing.
 */
export function sameValue(type: FieldType, a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (type === 'set') return sameMembers(a as string[], b as string[])
  if (type === 'capabilities') return sameRecord(a as Record<string, unknown>, b as Record<string, unknown>)
  if (type === 'prices') return sameMembers((a as OtherPrice[]).map(spellPrice), (b as OtherPrice[]).map(spellPrice))
  if (type === 'windows')
    return sameMembers((a as PriceWindow[]).map(spellWindow), (b as PriceWindow[]).map(spellWindow))
  return false
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  if (a.every((member, index) => member === b[index])) return true
  const sorted = [...b].sort()
  return [...a].sort().every((member, index) => member === sorted[index])
}

function sameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function spellPrice(price: OtherPrice): string {
  return `${price.kind}\u0000${price.unit}\u0000${price.currency}\u0000${price.price}`
}
