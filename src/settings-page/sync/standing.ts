/** How things stand, in one line with its tone: running, up to date, held, failed, never synced. Green only when nothing failed and nothing is held. */
import type { ProviderStatus, SyncResult, SyncStatus } from '../../client/contract.js'
import { formatPlural } from '../parts/format.js'
import { providerNames } from '../parts/names.js'
import { headlineOf, outcomeOf, type Outcome } from './outcome.js'

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet'

export interface Standing {
  tone: Tone
  icon: 'check' | 'pause' | 'warning' | 'cross' | 'info' | 'turning'
  title: string
  text: string | null
}

/** The look of a run's outcome. */
export const LOOKS: Record<Outcome, Pick<Standing, 'tone' | 'icon'>> = {
  ok: { tone: 'good', icon: 'check' },
  held: { tone: 'warn', icon: 'pause' },
  partial: { tone: 'bad', icon: 'warning' },
  failed: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'quiet', icon: 'pause' },
  idle: { tone: 'quiet', icon: 'info' },
}

/**
 * @param status `undefined` until the server has answered once
 * @param result of the last run; `null`: there was none
 * @param away the server does not answer just now
 * @param behind slugs of the providers whose last listing could not be read
 */
export function standingOf(
  status: SyncStatus | undefined,
  result: SyncResult | null,
  running: boolean,
  away: boolean,
  behind: readonly string[],
): Standing {
  const quiet = { tone: 'quiet', icon: 'info' } as const
  // Not green on the strength of what was true a while ago.
  if (away)
    return { ...quiet, title: 'Waiting for the server', text: 'How the catalogue stands is not known just now.' }
  if (running)
    return { tone: 'busy', icon: 'turning', title: 'Syncing models…', text: 'Reading what the providers offer.' }
  if (status === undefined) return { ...quiet, title: 'Model catalogue', text: null }
  if (result === null)
    return { ...quiet, title: 'Never synced', text: 'Press Refresh Models to read the first catalogue.' }
  const outcome = outcomeOf(result)
  // A green run neither releases what an earlier one holds, nor makes an old success young.
  if (outcome === 'ok' && status.held > 0)
    return {
      ...LOOKS.held,
      title: headlineOf('held'),
      text: `${formatPlural(status.held, 'change')} from an earlier sync still ${status.held === 1 ? 'waits' : 'wait'}.`,
    }
  if (outcome === 'ok' && behind.length > 0)
    return {
      tone: 'warn',
      icon: 'warning',
      title: 'Not every provider is up to date',
      text: `${providerNames(behind)} could not be read when last tried. Refresh again.`,
    }
  if (outcome === 'ok' && status.needsSync)
    return {
      tone: 'warn',
      icon: 'warning',
      title: 'The catalogue is old',
      text: 'The last success was too long ago. Refresh it.',
    }
  return { ...LOOKS[outcome], title: headlineOf(outcome), text: textOf(outcome, result) }
}

function textOf(outcome: Outcome, result: SyncResult): string {
  const of = (...statuses: ProviderStatus[]) =>
    result.providers.filter(({ status }) => statuses.includes(status)).map(({ provider }) => provider)
  const { heldChanges } = result
  const read = of('ok', 'not-modified')
  switch (outcome) {
    case 'ok':
      if (result.trigger === 'undo') return 'What the run changed has been taken back.'
      return `As ${providerNames(read)} ${read.length === 1 ? 'lists' : 'list'} it: ${formatPlural(result.totalModels, 'model')}.`
    case 'held':
      return heldChanges === 1
        ? '1 change is held and was not applied; everything else went through.'
        : `${formatPlural(heldChanges, 'change')} are held, none of them was applied; everything else went through.`
    case 'partial':
      return `${providerNames(of('failed', 'incomplete'))} failed, ${providerNames([...read, ...of('held')])} went through. Nothing was lost.`
    case 'failed':
      return 'The catalogue is as it was before. Nothing was lost.'
    case 'cancelled':
      return 'What was not applied by then was left as it was.'
    case 'idle':
      return 'No provider is set up, or none has a key.'
  }
}
