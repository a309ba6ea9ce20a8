/** How a sync ended for one provider, in a word with its colour. */
import type { ProviderResult, ProviderStatus } from '../../client/contract.js'
import type { Tone } from './sync-state.js'

export interface ProviderState {
  word: string
  tone: Tone
  /** The run was cancelled before this provider was through; nothing is wrong with it. */
  cancelled: boolean
}

const STATES: Record<ProviderStatus, Pick<ProviderState, 'word' | 'tone'>> = {
  ok: { word: 'synced', tone: 'good' },
  'not-modified': { word: 'not changed', tone: 'good' },
  held: { word: 'held', tone: 'warn' },
  incomplete: { word: 'incomplete', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
  skipped: { word: 'skipped', tone: 'quiet' },
  disabled: { word: 'disabled', tone: 'quiet' },
}

export function stateOf({ status, reason }: Pick<ProviderResult, 'status' | 'reason'>): ProviderState {
  if (reason === 'cancelled') return { word: 'cancelled', tone: 'quiet', cancelled: true }
  return { ...(STATES[status] ?? { word: status, tone: 'quiet' }), cancelled: false }
}
