/** How things stand, in one line with its tone. The server decides it; here it is put into words, and what this page alone knows goes before it. */
import type { ProviderStatus, Reason, SyncResult, SyncStatus } from '../../client/contract.js'
import { formatPlural } from '../parts/format.js'
import { providerNames } from '../parts/labels.js'
import { headlineOf, outcomeOf, type Outcome } from './outcome.js'

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet'

export interface Standing {
  tone: Tone
  icon: 'check' | 'pause' | 'warning' | 'cross' | 'info' | 'turning'
  title: string
  text: string | null
  /** What else is off, a sentence each. */
  more: string[]
  /** Slugs of the providers that "refresh again" means; none: those that a sync takes anyhow. */
  again: string[]
}

type Look = Pick<Standing, 'tone' | 'icon'>

/** The look of a run's outcome. */
export const LOOKS: Record<Outcome, Look> = {
  ok: { tone: 'good', icon: 'check' },
  held: { tone: 'warn', icon: 'pause' },
  partial: { tone: 'bad', icon: 'warning' },
  failed: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'quiet', icon: 'pause' },
  idle: { tone: 'quiet', icon: 'info' },
}

const QUIET: Look = LOOKS.idle
const TONES: Record<Reason['level'], Tone> = { failure: 'bad', warning: 'warn', note: 'quiet' }

/**
 * @param status `undefined` until the server has answered once
 * @param result of the last sync; `null`: there was none
 * @param away the server does not answer just now; `signed-out`: not to somebody who is not signed in
 */
export function standingOf(
  status: SyncStatus | undefined,
  result: SyncResult | null,
  running: boolean,
  away: boolean | 'signed-out',
): Standing {
  const plain = { more: [], again: [] }
  if (away === 'signed-out')
    return { ...plain, ...QUIET, title: 'Not signed in', text: 'Sign in to see how the catalogue stands.' }
  // Not green on the strength of what was true a while ago.
  if (away)
    return {
      ...plain,
      ...QUIET,
      title: 'Waiting for the server',
      text: 'How the catalogue stands is not known just now.',
    }
  if (running) {
    const words = { title: 'Syncing models…', text: 'Reading what the providers offer.' }
    return { ...plain, tone: 'busy', icon: 'turning', ...words }
  }
  if (status === undefined) return { ...plain, ...QUIET, title: 'Model catalogue', text: null }
  // An answer of this tab that could not be recorded, or is newer than the status.
  if (result !== null && result.runId !== status.lastSync?.runId && !result.success) return ofRun(result)
  const [first, ...others] = status.standing.reasons
  if (first === undefined) return { ...plain, ...LOOKS.ok, title: headlineOf('ok'), text: okText(result) }
  return ofReason(first, others, result)
}

function ofReason(reason: Reason, others: Reason[], result: SyncResult | null): Standing {
  const more = others.filter((other) => !saidBy(reason, other)).map((other) => wordsOf(other).text)
  // What the run itself says of its end is more than that it failed.
  const isOfRun = reason.code === 'last-run-failed' || reason.code === 'last-run-cancelled'
  if (isOfRun && result !== null && result.runId === reason.facts.runId)
    return { ...ofRun(result), tone: TONES[reason.level], more }
  const { icon, title, text } = wordsOf(reason)
  const again = reason.code === 'provider-failing' ? reason.facts.providers : []
  return { tone: TONES[reason.level], icon, title, text, more, again }
}

/** Its providers have their own buttons, beside their errors. */
function ofRun(result: SyncResult): Standing {
  const outcome = outcomeOf(result)
  return { ...LOOKS[outcome], title: headlineOf(outcome), text: runText(outcome, result), more: [], again: [] }
}

/** A provider that failed in the last sync need not be named twice. */
function saidBy(first: Reason, other: Reason): boolean {
  if (first.code !== 'last-run-failed' || other.code !== 'provider-failing') return false
  return other.facts.providers.every((slug) => first.facts.providers.includes(slug))
}

type Words = Pick<Standing, 'icon' | 'title'> & { text: string }
type Facts<Code extends Reason['code']> = Extract<Reason, { code: Code }>['facts']

const CANCELLED = 'What was not applied by then was left as it was.'

const WORDS: { [Code in Reason['code']]: (facts: Facts<Code>) => Words } = {
  'database-refuses': ({ error }) => ({
    icon: 'cross',
    title: 'The database refuses',
    text: `The last sync could not be written: ${error}.`,
  }),
  'last-run-failed': ({ providers }) => ({
    icon: 'cross',
    title: headlineOf('failed'),
    text: `The last sync failed${providers.length === 0 ? '' : ` for ${providerNames(providers)}`}. Nothing was lost.`,
  }),
  'last-run-cancelled': () => ({ icon: 'pause', title: headlineOf('cancelled'), text: CANCELLED }),
  'provider-failing': ({ providers }) => ({
    icon: 'warning',
    title: 'Not every provider is up to date',
    text: `${providerNames(providers)} could not be read when last tried. Refresh again.`,
  }),
  overdue: ({ providers }) => ({
    icon: 'warning',
    title: 'Automatic syncs are overdue',
    text: `${providerNames(providers.map(({ slug }) => slug))} should have been synced on schedule by now. Check the server’s log.`,
  }),
  stale: ({ lastSuccessAt }) => ({
    icon: 'warning',
    title: 'The catalogue is old',
    text:
      lastSuccessAt === null
        ? 'What Refresh Models reads has never been read yet. Refresh it.'
        : 'The last success was too long ago. Refresh it.',
  }),
  held: ({ changes }) => ({
    icon: 'pause',
    title: headlineOf('held'),
    text: `${formatPlural(changes, 'change')} ${changes === 1 ? 'waits' : 'wait'} for a person; everything else went through.`,
  }),
  'news-disabled': ({ names }) => ({
    icon: 'warning',
    title: 'News is off',
    text: `Nothing is sent to ${names.join(', ')} any more. GET /models/news says why, PATCH /models/news/${names[0] ?? ''} switches it on again.`,
  }),
  'left-out': ({ all, providers }) =>
    all
      ? { icon: 'info', title: headlineOf('idle'), text: 'No provider is set up, or none has a key.' }
      : {
          icon: 'info',
          title: 'A provider was left out',
          text: `${providerNames(providers)} could not be asked, for want of a key or an address.`,
        },
  undone: () => ({
    icon: 'info',
    title: 'A sync was taken back',
    text: 'The catalogue is as it was before that sync; the next one reads the providers anew.',
  }),
  'provider-disabled': ({ providers, models }) => ({
    icon: 'info',
    title: providers.length === 1 ? 'A provider is disabled' : 'Providers are disabled',
    text: `${providerNames(providers)} ${providers.length === 1 ? 'is' : 'are'} disabled, and so ${formatPlural(models, 'model')} ${models === 1 ? 'is' : 'are'} unavailable.`,
  }),
  'never-synced': () => ({
    icon: 'info',
    title: 'Never synced',
    text: 'Press Refresh Models to read the first catalogue.',
  }),
}

/** A reason as headline and sentence. */
export function wordsOf({ code, facts }: Reason): Words {
  return (WORDS[code] as (facts: Reason['facts']) => Words)(facts)
}

function okText(result: SyncResult | null): string | null {
  if (result === null) return null
  const read = slugsOf(result, 'ok', 'not-modified')
  if (read.length === 0) return 'Nothing was due at the last sync.'
  return `As ${providerNames(read)} ${read.length === 1 ? 'lists' : 'list'} it: ${formatPlural(result.totalModels, 'model')}.`
}

function runText(outcome: Outcome, result: SyncResult): string {
  switch (outcome) {
    case 'partial':
      return `${providerNames(slugsOf(result, 'failed', 'incomplete'))} failed, ${providerNames(slugsOf(result, 'ok', 'not-modified', 'held'))} went through. Nothing was lost.`
    case 'held':
      return 'Some changes are held; everything else went through.'
    case 'cancelled':
      return CANCELLED
    default:
      return 'The catalogue is as it was before. Nothing was lost.'
  }
}

function slugsOf({ providers }: SyncResult, ...statuses: ProviderStatus[]): string[] {
  return providers.filter(({ status }) => statuses.includes(status)).map(({ provider }) => provider)
}
