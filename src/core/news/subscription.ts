/** News: what a subscription can be told, and which of it it wants. Pure. */
import type { ChangeRecord } from '../records/change-record.js'
import { compileRules } from '../model/id-rules.js'

/**
 * Changes of models by their kind in the changelog; `deprecation`: a model will end; `doubt`: price books say otherwise; `failure`: a provider could not be synced, or something is
 * held; `drift`: a provider's entries state what nobody reads, or no longer state what nearly all of them did.
 */
export const NEWS_KINDS = [
  'added',
  'updated',
  'unavailable',
  'restored',
  'renamed',
  'deleted',
  'deprecation',
  'doubt',
  'failure',
  'drift',
] as const
export type NewsKind = (typeof NEWS_KINDS)[number]

/** One change, as the news carry it: of a model that was added or deleted, name, mode, context length and token prices alone. */
export interface NewsChange extends ChangeRecord {
  /** Of an added model: `$2.50 in / $10 out per 1M tokens`. */
  tokenCost?: string
}

/** What a subscription wants; unset: all. */
export interface NewsFilter {
  /** Slugs. */
  providers?: readonly string[] | undefined
  kinds?: readonly NewsKind[] | undefined
  /** Public ids, globs or regular expressions; of failures they say nothing. */
  models?: readonly string[] | undefined
}

export interface NewsSelector {
  kind(kind: string): boolean
  provider(slug: string): boolean
  model(modelId: string): boolean
}

/** Where news go; holds secrets, which never leave the process but to the target. */
export type NewsTarget =
  | { type: 'webhook'; url: string; secret: string }
  | { type: 'slack'; url: string }
  | { type: 'email'; to: readonly string[]; from: string; smtpUrl: string }

/** Who is told of what. */
export interface NewsSubscription {
  /** The operator's own. */
  name: string
  target: NewsTarget
  wants: NewsSelector
}

/** @throws Error that names the pattern which cannot be read */
export function compileNewsFilter({ providers, kinds, models }: NewsFilter): NewsSelector {
  const excludes = compileRules({ include: models ?? [] })
  return {
    kind: (kind) => kinds === undefined || kinds.some((wanted) => wanted === kind),
    provider: (slug) => providers === undefined || providers.includes(slug),
    model: (modelId) => !excludes(modelId),
  }
}
