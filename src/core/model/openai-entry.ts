/** A model as an entry of OpenAI's list, and which model an id of that list means. */
import type { ModelFields } from './model-fields.js'

/** `public`: `<provider>/<providerModelId>`; `provider`: `<providerModelId>`, which the proxy behind this server knows. */
export type OpenaiIds = 'public' | 'provider'

/** OpenAI's four members, and beside them what routers look for; `null` = unknown. */
export interface OpenaiEntry {
  id: string
  object: 'model'
  /** Seconds since 1970. */
  created: number
  owned_by: string
  /** Tokens. */
  context_length: number | null
  max_output_tokens: number | null
  mode: string | null
  /** USD per token, decimal strings; `null`: no price is known. */
  pricing: Record<'prompt' | 'completion' | 'input_cache_read' | 'input_cache_write', string | null> | null
}

/** What an entry is made of. */
export interface OfferedModel extends Pick<
  ModelFields,
  | 'ownedBy'
  | 'mode'
  | 'contextLength'
  | 'maxOutputTokens'
  | 'inputCostPerToken'
  | 'outputCostPerToken'
  | 'cacheReadCostPerToken'
  | 'cacheWriteCostPerToken'
  | 'createdAt'
> {
  id: string
  provider: string
  providerModelId: string
  /** ISO 8601. */
  firstSeenAt: string
}

export function toOpenaiEntry(model: OfferedModel, ids: OpenaiIds): OpenaiEntry {
  const pricing = {
    prompt: model.inputCostPerToken,
    completion: model.outputCostPerToken,
    input_cache_read: model.cacheReadCostPerToken,
    input_cache_write: model.cacheWriteCostPerToken,
  }
  return {
    id: ids === 'public' ? model.id : model.providerModelId,
    object: 'model',
    created: Math.floor(Date.parse(model.createdAt ?? model.firstSeenAt) / 1000),
    owned_by: model.ownedBy ?? model.provider,
    context_length: model.contextLength,
    max_output_tokens: model.maxOutputTokens,
    mode: model.mode,
    pricing: Object.values(pricing).some((price) => price !== null) ? pricing : null,
  }
}

/** The model that an id of either kind means: one that is listed under it before another. @param models in the order of their providers */
export function findByOpenaiId<Model extends OfferedModel>(
  models: readonly Model[],
  id: string,
  ids: OpenaiIds,
): Model | undefined {
  const listed = (model: Model): string => (ids === 'public' ? model.id : model.providerModelId)
  return models.find((model) => listed(model) === id) ?? models[0]
}
