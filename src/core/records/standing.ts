/** standingOf: how the catalogue stands, and everything that is off. The one place that decides it; page, command line and health put it into words. Pure. */
import type { OverdueProvider } from '../providers/overdue.js'
import type { ProviderStatus } from './run-words.js'

/** `note`: intended, or over with the next sync, but not "up to date"; `warning`: a person should look; `failure`: something does not work. */
export type ReasonLevel = 'note' | 'warning' | 'failure'

/** What each reason knows, by its code. Times are ISO 8601, providers slugs. */
interface ReasonFacts {
  /** The database refused what the last sync of this process wrote. */
  'database-refuses': { error: string }
  /** `providers`: those that failed; none when the run failed as a whole. */
  'last-run-failed': { runId: string; providers: string[] }
  'last-run-cancelled': { runId: string }
  /** Their last listing could not be read. */
  'provider-failing': { providers: string[] }
  /** Automatic syncs do not come. */
  overdue: { providers: OverdueProvider[] }
  /** `null`: what a sync takes was never synced. */
  stale: { lastSuccessAt: string | null; staleDays: number }
  held: { changes: number; providers: string[] }
  /** Names of subscriptions. */
  'news-disabled': { names: string[] }
  /** Providers that the last sync could not ask, for want of a key or an address. `all`: it asked none. */
  'left-out': { providers: string[]; all: boolean }
  /** A sync was taken back, and none has come since. */
  undone: { at: string }
  /** With the number of models that are unavailable for it. */
  'provider-disabled': { providers: string[]; models: number }
  'never-synced': Record<string, never>
}

type ReasonCode = keyof ReasonFacts

export type Reason = {
  [Code in ReasonCode]: { code: Code; level: ReasonLevel; facts: ReasonFacts[Code] }
}[ReasonCode]

export interface Standing {
  /** `ok`: nothing needs a person, though there may be notes; `failing` goes before `attention`. Up to date is only `ok` without any reason. */
  state: 'ok' | 'never-synced' | 'attention' | 'failing'
  /** The worst first. */
  reasons: Reason[]
}

export interface StandingFacts {
  /** The last finished sync; an undo is none. */
  lastSync: LastSync | null
  /** When what is scheduled was last synced successfully, ISO 8601. */
  lastSuccessAt: string | null
  /** When an undo last changed something, ISO 8601. */
  undoneAt: string | null
  staleDays: number
  /** ms since 1970 */
  now: number
  /** Slugs of the providers that a sync takes which names none. */
  scheduled: readonly string[]
  /** Those that can be synced and ever were. */
  providers: readonly ProviderFacts[]
  overdue: readonly OverdueProvider[]
  /** Why the database refused the last sync of this process. */
  refusal: string | null
  disabledNews: readonly string[]
}

interface LastSync {
  runId: string
  /** ISO 8601. */
  startedAt: string
  success: boolean
  /** Slugs of the providers that it was asked for; `null`: not recorded. */
  asked: readonly string[] | null
  /** None of a run that failed as a whole, or died with its process. */
  outcomes: readonly ProviderOutcome[]
}

/** What became of a provider in the last sync. */
export interface ProviderOutcome {
  provider: string
  status: ProviderStatus
  reason?: string
}

export interface ProviderFacts {
  slug: string
  enabled: boolean
  /** Its last listing could not be read. */
  failing: boolean
  heldChanges: number
  /** Models that are unavailable because it is disabled. */
  disabledModels: number
}

const DAY_MS = 24 * 60 * 60 * 1000
const ORDER: readonly ReasonLevel[] = ['failure', 'warning', 'note']
/** Reasons for which a sync is the remedy. */
const SYNC_HELPS: readonly ReasonCode[] = ['never-synced', 'stale', 'provider-failing']

export function standingOf(facts: StandingFacts): Standing {
  const reasons = [
    ...refused(facts),
    ...lastRun(facts),
    ...failing(facts),
    ...overdue(facts),
    ...stale(facts),
    ...held(facts),
    ...news(facts),
    ...undone(facts),
    ...disabled(facts),
  ].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
  return { state: stateOf(reasons), reasons }
}

/** Whether a sync is recommended. */
export function needsSync({ reasons }: Standing): boolean {
  return reasons.some(({ code }) => SYNC_HELPS.includes(code))
}

function stateOf(reasons: readonly Reason[]): Standing['state'] {
  const worst = reasons[0]?.level
  if (worst === 'failure') return 'failing'
  if (worst === 'warning') return 'attention'
  return reasons.some(({ code }) => code === 'never-synced') ? 'never-synced' : 'ok'
}

function refused({ refusal }: StandingFacts): Reason[] {
  return refusal === null ? [] : [{ code: 'database-refuses', level: 'failure', facts: { error: refusal } }]
}

/** A provider that no schedule asks for must not count as a failure until somebody asks for it again. */
function lastRun({ lastSync, scheduled, providers }: StandingFacts): Reason[] {
  if (lastSync === null) return [{ code: 'never-synced', level: 'note', facts: {} }]
  const { runId, outcomes, asked } = lastSync
  if (lastSync.success) return leftOut(outcomes)
  const failed = outcomes.filter(({ status }) => status === 'failed' || status === 'incomplete')
  if (failed.length === 0 && outcomes.some(({ status }) => status === 'held')) return []
  if (failed.length > 0 && failed.every(({ reason }) => reason === 'cancelled'))
    return [{ code: 'last-run-cancelled', level: 'note', facts: { runId } }]
  const slugs = failed.map(({ provider }) => provider)
  const off = providers.filter(({ enabled }) => !enabled).map(({ slug }) => slug)
  const concerned = slugs.length === 0 ? asked : slugs
  const counts = concerned === null || concerned.some((slug) => scheduled.includes(slug) && !off.includes(slug))
  return [{ code: 'last-run-failed', level: counts ? 'failure' : 'note', facts: { runId, providers: slugs } }]
}

function leftOut(outcomes: readonly ProviderOutcome[]): Reason[] {
  // A provider that is not due was asked often enough.
  const missing = outcomes.filter(({ status, reason }) => status === 'skipped' && reason !== 'not-due')
  const all = outcomes.every(
    ({ status, reason }) => (status === 'skipped' && reason !== 'not-due') || status === 'disabled',
  )
  if (missing.length === 0 && !all) return []
  return [{ code: 'left-out', level: 'note', facts: { providers: missing.map(({ provider }) => provider), all } }]
}

function failing({ providers, scheduled }: StandingFacts): Reason[] {
  const slugs = providers
    .filter(({ slug, enabled, failing: fails }) => enabled && fails && scheduled.includes(slug))
    .map(({ slug }) => slug)
  return slugs.length === 0 ? [] : [{ code: 'provider-failing', level: 'failure', facts: { providers: slugs } }]
}

function overdue(facts: StandingFacts): Reason[] {
  return facts.overdue.length === 0
    ? []
    : [{ code: 'overdue', level: 'warning', facts: { providers: [...facts.overdue] } }]
}

function stale({ lastSync, lastSuccessAt, staleDays, now }: StandingFacts): Reason[] {
  if (lastSync === null) return []
  if (lastSuccessAt !== null && now - Date.parse(lastSuccessAt) <= staleDays * DAY_MS) return []
  return [{ code: 'stale', level: 'warning', facts: { lastSuccessAt, staleDays } }]
}

function held({ providers }: StandingFacts): Reason[] {
  const waiting = providers.filter(({ enabled, heldChanges }) => enabled && heldChanges > 0)
  const changes = waiting.reduce((sum, { heldChanges }) => sum + heldChanges, 0)
  return changes === 0
    ? []
    : [{ code: 'held', level: 'warning', facts: { changes, providers: waiting.map(({ slug }) => slug) } }]
}

function news({ disabledNews }: StandingFacts): Reason[] {
  return disabledNews.length === 0
    ? []
    : [{ code: 'news-disabled', level: 'warning', facts: { names: [...disabledNews] } }]
}

function undone({ lastSync, undoneAt }: StandingFacts): Reason[] {
  if (undoneAt === null || lastSync === null || Date.parse(undoneAt) < Date.parse(lastSync.startedAt)) return []
  return [{ code: 'undone', level: 'note', facts: { at: undoneAt } }]
}

function disabled({ providers }: StandingFacts): Reason[] {
  const off = providers.filter(({ enabled, disabledModels }) => !enabled && disabledModels > 0)
  const models = off.reduce((sum, { disabledModels }) => sum + disabledModels, 0)
  return off.length === 0
    ? []
    : [{ code: 'provider-disabled', level: 'note', facts: { providers: off.map(({ slug }) => slug), models } }]
}
