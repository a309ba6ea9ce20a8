/** A reason of a standing as a sentence, for logs, terminals and health. Pure. */
import type { OverdueProvider } from '../providers/overdue.js'
import type { Reason } from './standing.js'

/** Without a capital and a full stop. */
export function describeReason(reason: Reason): string {
  switch (reason.code) {
    case 'database-refuses':
      return `the database refused the last sync of this process: ${reason.facts.error}`
    case 'last-run-failed':
      return `the last sync failed${reason.facts.providers.length === 0 ? '' : ` for ${list(reason.facts.providers)}`}`
    case 'last-run-cancelled':
      return 'the last sync was cancelled'
    case 'provider-failing':
      return `${list(reason.facts.providers)} could not be read when last tried`
    case 'overdue':
      return reason.facts.providers.map(describeOverdue).join('; ')
    case 'stale':
      return reason.facts.lastSuccessAt === null
        ? 'what a sync takes has never been synced successfully'
        : `the last success was at ${reason.facts.lastSuccessAt}, more than ${count(reason.facts.staleDays, 'day')} ago`
    case 'held':
      return `${count(reason.facts.changes, 'change')} of ${list(reason.facts.providers)} ${reason.facts.changes === 1 ? 'waits' : 'wait'} for a person`
    case 'news-disabled':
      return `news is off for ${list(reason.facts.names)}`
    case 'left-out':
      return reason.facts.all
        ? 'the last sync asked no provider: each of them is disabled, or lacks a key or an address'
        : `the last sync left out ${list(reason.facts.providers)}, for want of a key or an address`
    case 'undone':
      return `a sync was taken back at ${reason.facts.at}, and none has come since`
    case 'provider-disabled':
      return `${list(reason.facts.providers)} ${reason.facts.providers.length === 1 ? 'is' : 'are'} disabled, and so ${count(reason.facts.models, 'model')} ${reason.facts.models === 1 ? 'is' : 'are'} unavailable`
    case 'never-synced':
      return 'nothing has been synced yet'
  }
}

function describeOverdue({ slug, lastSuccessAt, intervalMinutes }: OverdueProvider): string {
  const last = lastSuccessAt === null ? 'it never was' : `the last success was at ${lastSuccessAt}`
  return `${slug} should be synced every ${intervalMinutes} minutes, and ${last}`
}

/** `a`, `a and b`, `a, b and c`. */
function list(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
