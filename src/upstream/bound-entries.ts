/** Puts a mark in the place of entries that are nested too deep: what walks them would end the stack. */
import { MAX_ENTRY_DEPTH } from './answer-limits.js'

/** Stands for such an entry: it has no id, and nothing of it is kept. */
export const TOO_DEEP = Object.freeze({})

export function boundEntries(entries: readonly unknown[]): readonly unknown[] {
  return entries.map((entry) => (isDeeper(entry, MAX_ENTRY_DEPTH) ? TOO_DEEP : entry))
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
    if (isDeeper(member, levels - 1)) return true
  return false
}
