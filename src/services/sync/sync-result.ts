/** Makes the one result of every trigger, also for errors. */
import {
  CountersSchema,
  type ProviderResult,
  type SyncCounters,
  type SyncResult,
} from '../../core/records/sync-result.js'
import type { Trigger } from '../../core/records/run-words.js'
import type { Cause, ToldProblem } from '../../core/records/problem.js'
import { inWords, shortened } from './in-words.js'

/** A result, and whose keys were used; `null`: the backend's own. */
export type UserSyncResult = SyncResult & { userId: string | null }

const COUNTERS = Object.keys(CountersSchema.properties) as (keyof SyncCounters)[]

// Of one provider: as much as somebody reads.
const MOST_WARNINGS = 30

export function noCounts(): SyncCounters {
  return Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as unknown as SyncCounters
}

export interface ResultParts {
  runId: string | null
  trigger: Trigger
  dryRun: boolean
  startedAt: string
  durationMs: number
  revision: number | null
  providers: ProviderResult[]
  takenOver?: string
  /** Beyond the providers' own: what kept the run as a whole from being done. */
  problems?: readonly (Cause & { provider?: string })[]
  warnings?: string[]
}

/** A problem as a provider's result tells it. */
export function told(cause: Cause): Required<Pick<ProviderResult, 'error' | 'reason' | 'facts'>> {
  return { error: inWords(cause).message, reason: cause.code, facts: cause.facts }
}

function withShortWarnings<T extends { warnings: string[] }>(result: T): T {
  const { warnings } = result
  const left = warnings.length - MOST_WARNINGS
  const kept = warnings.slice(0, MOST_WARNINGS).map(shortened)
  return { ...result, warnings: left > 0 ? [...kept, `${left} further warnings are left out`] : kept }
}

/** Sums the providers up. */
export function makeResult({ startedAt, problems = [], warnings = [], ...given }: ResultParts): SyncResult {
  const parts = { ...given, providers: given.providers.map(withShortWarnings) }
  const counts = noCounts()
  for (const provider of parts.providers) for (const counter of COUNTERS) counts[counter] += provider[counter]
  const wrong = [
    ...parts.providers.flatMap(problemOf),
    ...problems.map((problem) => ({ provider: null, ...inWords(problem) })),
  ]
  return {
    success: wrong.length === 0,
    ...counts,
    errors: wrong.map(lineOf),
    problems: wrong,
    syncedAt: startedAt,
    warnings: [
      ...parts.providers.flatMap((provider) => provider.warnings.map((warning) => `${provider.provider}: ${warning}`)),
      ...warnings,
    ],
    ...parts,
  }
}

/** The result of a run that could not be recorded, or the like. */
export function withProblem(result: SyncResult, cause: Cause): SyncResult {
  const wrong = { provider: null, ...inWords(cause) }
  const errors = [...result.errors, lineOf(wrong)]
  return { ...result, runId: null, success: false, errors, problems: [...result.problems, wrong] }
}

function problemOf({ provider, error, reason = 'internal', facts = {} }: ProviderResult): ToldProblem[] {
  return error === undefined ? [] : [{ provider, code: reason, facts, message: error } as ToldProblem]
}

function lineOf({ provider, code, message }: ToldProblem): string {
  return `${provider ?? (code === 'database' ? 'database' : 'sync')}: ${message}`
}
