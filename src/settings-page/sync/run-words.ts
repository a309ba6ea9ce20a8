/** A run in words: what started it, how it ended, when. */
import type { Run } from '../../client/contract.js'
import { outcomeOf, type Outcome } from './outcome.js'

const TRIGGERS: Record<string, string> = {
  startup: 'at startup',
  interval: 'on schedule',
  manual: 'by hand',
  cron: 'by cron',
  cli: 'from the command line',
  reactive: 'for a missing model',
  login: 'at a login',
  undo: 'undo',
}

const ENDINGS: Record<Outcome, string> = {
  ok: 'succeeded',
  held: 'changes held',
  partial: 'partly failed',
  failed: 'failed',
  cancelled: 'cancelled',
  idle: 'nothing to sync',
}

/** What started the run. */
export function triggerOf({ trigger }: Pick<Run, 'trigger'>): string {
  return TRIGGERS[trigger] ?? trigger
}

/** How it ended, in a word or two. */
export function endingOf(run: Run): string {
  if (run.result === null) return run.finishedAt === null ? 'running' : 'failed'
  return ENDINGS[outcomeOf(run.result)]
}

/** `"by hand, failed"`. */
export function attemptOf(run: Run): string {
  return `${triggerOf(run)}, ${endingOf(run)}`
}

/** When it ended; while it runs, when it started. */
export function endOf(run: Run): string {
  return run.finishedAt ?? run.startedAt
}
