/** What a caller asks of a sync, read and checked. */
import { randomUUID } from 'node:crypto'
import { checkMembers, type KnownMembers } from '../../core/input/known-members.js'
import type { Trigger } from '../../core/records/run-words.js'
import { SyncOptionsSchema, type SyncOptions as Asked } from '../../core/records/sync-options.js'
import { PlanHashError } from '../../errors.js'
import { readPlanHash, type PlanOptions } from './plan-document.js'

export interface SyncOptions extends Asked {
  /** Default `manual`. */
  trigger?: Trigger | undefined
  /** Who asked; `null`: the backend itself. */
  userId?: string | null | undefined
  /** Ends the run early: what is not applied by then is not applied. */
  signal?: AbortSignal | undefined
}

export const SYNC_OPTIONS: KnownMembers<SyncOptions> = {
  ...SyncOptionsSchema.properties,
  trigger: true,
  userId: true,
  signal: true,
}

// Of the ids in `only`: each list of runs answers with them.
const MOST_RECORDED = 100

/** Options with their defaults, and the plan that was approved, if any. */
export interface SyncRequest {
  forceUpdate: boolean
  markUnavailable: boolean
  dryRun: boolean
  /** Slugs, sorted. */
  providers: readonly string[]
  trigger: Trigger
  userId: string | null
  approved: { planHash: string; only: ReadonlySet<string> | null } | null
}

export interface KnownProviders {
  /** Slugs that a request without providers means. */
  defaultProviders: readonly string[]
  /** Slugs that `all` means. */
  allProviders: readonly string[]
}

/** @throws TypeError for an option that there is none of; PlanHashError when `planHash` is none, disagrees with the options beside it, or `only` comes without it */
export function readRequest(options: SyncOptions, known: KnownProviders): SyncRequest {
  checkMembers('syncModels', options, SYNC_OPTIONS)
  const { dryRun = false, trigger = 'manual', userId = null, planHash, only } = options
  if (planHash === undefined && only !== undefined)
    throw new PlanHashError('only restricts a plan: pass the planHash of a dry run with it')
  if (planHash !== undefined && dryRun)
    throw new PlanHashError('planHash carries a plan out and dryRun does not: pass one of them')
  const agreedOn = planHash === undefined ? given(options, known) : agreed(planHash, options)
  const approved = planHash === undefined ? null : { planHash, only: only === undefined ? null : new Set(only) }
  return { ...agreedOn, dryRun, trigger, userId, approved }
}

function given(
  { forceUpdate = false, markUnavailable = true, providers }: SyncOptions,
  { defaultProviders, allProviders }: KnownProviders,
): PlanOptions {
  const named = providers === undefined || providers.length === 0 ? defaultProviders : providers
  const slugs = named.flatMap((slug) => (slug === 'all' ? allProviders : [slug]))
  return { forceUpdate, markUnavailable, providers: [...new Set(slugs)].sort() }
}

/** The plan's own options. @throws PlanHashError when others are given beside it */
function agreed(planHash: string, given: SyncOptions): PlanOptions {
  const options = readPlanHash(planHash)
  const differs =
    (given.forceUpdate ?? options.forceUpdate) !== options.forceUpdate ||
    (given.markUnavailable ?? options.markUnavailable) !== options.markUnavailable ||
    (given.providers !== undefined && [...given.providers].sort().join() !== [...options.providers].sort().join())
  if (differs)
    throw new PlanHashError(
      `the plan was made with ${JSON.stringify(options)}; leave these options out, or give the same`,
    )
  return options
}

/** Callers with one key share a run. */
export function keyOf({ userId, providers, forceUpdate, markUnavailable, approved }: SyncRequest): string {
  if (approved !== null) return randomUUID()
  return JSON.stringify([userId, providers, forceUpdate, markUnavailable])
}

// They come one at a time, and are never more than the providers and their events.
const AUTOMATIC: ReadonlySet<Trigger> = new Set(['startup', 'interval', 'reactive'])

/** Nobody asked for it, and nobody would ask again. */
export function isAutomatic({ trigger }: SyncRequest): boolean {
  return AUTOMATIC.has(trigger)
}

/** What a run's record says of its request. */
export function recordedOptions({ forceUpdate, markUnavailable, providers, approved }: SyncRequest): object {
  return { forceUpdate, markUnavailable, providers, ...(approved === null ? {} : recordedApproval(approved)) }
}

function recordedApproval({ planHash, only }: NonNullable<SyncRequest['approved']>): object {
  if (only === null) return { planHash, only }
  const named = [...only].slice(0, MOST_RECORDED)
  return { planHash, only: named, ...(only.size > named.length ? { onlyModels: only.size } : {}) }
}
