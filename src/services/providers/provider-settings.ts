/** What an operator may set for each provider: guards, rules, policy, limits. */
import type { ModeChoice } from '../../core/model/model.js'
import type { Policy } from '../../core/plan/plan.js'
import type { AnswerLimits } from '../../upstream/answer-limits.js'
import { compileRules, type Excludes } from '../../core/model/id-rules.js'

interface Guards extends AnswerLimits {
  /** Percent, 0 to 100: how much of the largest size of the last 24 hours may go before removals are held. */
  maxRemovalPercent: number
  /** Removals below this number in one run are never a mass removal. */
  minRemovals: number
  /** A token price that grows or shrinks by this factor or more is held, and one that falls to 0. */
  maxPriceFactor: number
  /** Percent, 0 to 100: with more malformed entries in an answer the provider fails. */
  maxRejectedPercent: number
  /** Healthy listings in a row that must lack a model before it is unavailable, 1 or more. */
  missesBeforeUnavailable: number
  /** Of what is kept of one entry. */
  maxEntryBytes: number
}

export interface ProviderSettings {
  guards: Guards
  policy: Policy
  /** Ms, per request. */
  timeoutMs: number
  include: readonly string[]
  exclude: readonly string[]
  /** `null`: the source's own. */
  modes: readonly ModeChoice[] | null
}

/** Settings with their rules compiled. */
export interface CompiledSettings extends ProviderSettings {
  excludes: Excludes
  /** Differs when the same entry would be turned into another model, or left out. */
  reading: string
}

/** @throws Error that names the pattern which cannot be read */
export function compileSettings(settings: ProviderSettings): CompiledSettings {
  const { include, exclude, modes, policy, guards } = settings
  const reading = JSON.stringify([include, exclude, modes, policy, guards.missesBeforeUnavailable])
  return { ...settings, excludes: compileRules(settings), reading }
}
