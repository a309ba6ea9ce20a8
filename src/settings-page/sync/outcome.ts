/** What a run came to, in one word and in counts: the page's colour hangs on it. */
import type { Counters, ProviderResult, SyncResult } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'

/**
 * `ok` is the only green one. `held`: everything else went through, some changes wait for a person. `partial`: some providers failed,
 * others went through. `idle`: nothing was asked, so nothing can be said. `cancelled`: a person stopped it.
 */
export type Outcome = 'ok' | 'held' | 'partial' | 'failed' | 'cancelled' | 'idle'

/** What a result came to; never `ok` when `success` is false or anything is held. */
export function outcomeOf(result: SyncResult): Outcome {
  const { providers } = result
  const some = (...statuses: ProviderResult['status'][]) => providers.some(({ status }) => statuses.includes(status))
  if (!result.success && isCancelled(result)) return 'cancelled'
  if (some('failed', 'incomplete')) return some('ok', 'not-modified', 'held') ? 'partial' : 'failed'
  if (some('held') || result.heldChanges > 0) return 'held'
  if (!result.success) return 'failed'
  return some('ok', 'not-modified') ? 'ok' : 'idle'
}

// A cancelled run has no status of its own in the contract; its problems say so, one for each provider that was stopped.
function isCancelled({ problems }: SyncResult): boolean {
  return problems.length > 0 && problems.every(({ code }) => code === 'cancelled')
}

const HEADLINES: Record<Outcome, string> = {
  ok: 'Up to date',
  held: 'Changes are held for you to check',
  partial: 'Not every provider could be synced',
  failed: 'The last sync failed',
  cancelled: 'The last sync was cancelled',
  idle: 'Nothing was synced',
}

/** The outcome as a headline. */
export function headlineOf(outcome: Outcome): string {
  return HEADLINES[outcome]
}

// Kinds that stand in every sentence come with `always`; the rest is told when there is something to tell.
const COUNTS: { key: keyof Counters; word: string; always?: boolean }[] = [
  { key: 'newModels', word: 'new', always: true },
  { key: 'updatedModels', word: 'updated', always: true },
  { key: 'unavailableModels', word: 'unavailable', always: true },
  { key: 'restoredModels', word: 'restored' },
  { key: 'renamedModels', word: 'renamed' },
  { key: 'unchangedModels', word: 'unchanged', always: true },
  { key: 'heldChanges', word: 'held' },
  { key: 'rejectedModels', word: 'rejected' },
  { key: 'filteredModels', word: 'filtered out' },
]

export interface WordedCount {
  key: keyof Counters
  count: number
  word: string
}

/** A run's counts with the words for them, in a fixed order; those that are zero and rare are left out. @param sparing all that are zero are */
export function countsInWords(counters: Counters, sparing = false): WordedCount[] {
  return COUNTS.flatMap(({ key, word, always }) => {
    const count = counters[key] ?? 0
    return count > 0 || (always === true && !sparing) ? [{ key, count, word }] : []
  })
}

/** `"3 new, 2 updated, 36 unchanged"`: what is not zero. @param none what stands there when all is */
export function sentenceOfCounts(counters: Counters, none = 'no models'): string {
  const told = countsInWords(counters, true)
  return told.length === 0 ? none : told.map(({ count, word }) => `${formatCount(count)} ${word}`).join(', ')
}
