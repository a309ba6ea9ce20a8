/** A model as an entry of OpenAI's list, and which model an id of that list means. */
import { Type, type Static } from 'typebox'
import { Nullable, Text } from '../schema/nullable.js'
import type { ListFormat } from './list-format.js'
import type { ModelRecord } from './model-record.js'

/** `public`: `<provider>/<providerModelId>`; `provider`: `<providerModelId>`, which the proxy behind this server knows. */
export type OpenaiIds = 'public' | 'provider'

const Price = Nullable(Type.String({ description: 'USD per token, a decimal string; null = unknown' }))
const Tokens = Nullable(Type.Integer({ description: 'tokens; null = unknown' }))

/** OpenAI's four members, and beside them what routers look for. */
export const OpenaiEntrySchema = Type.Object({
  id: Type.String(),
  object: Type.Unsafe<'model'>({ type: 'string', const: 'model' }),
  created: Type.Integer({ description: 'seconds since 1970' }),
  owned_by: Type.String(),
  context_length: Tokens,
  max_output_tokens: Tokens,
  mode: Text,
  /** `null`: no price is known. */
  pricing: Nullable(
    Type.Object({ prompt: Price, completion: Price, input_cache_read: Price, input_cache_write: Price }),
  ),
})
export type OpenaiEntry = Static<typeof OpenaiEntrySchema>

/** What an entry is made of. */
export type OfferedModel = Pick<
  ModelRecord,
  | 'id'
  | 'provider'
  | 'providerModelId'
  | 'ownedBy'
  | 'mode'
  | 'contextLength'
  | 'maxOutputTokens'
  | 'inputCostPerToken'
  | 'outputCostPerToken'
  | 'cacheReadCostPerToken'
  | 'cacheWriteCostPerToken'
  | 'createdAt'
  | 'firstSeenAt'
>

/** The id under which clients call a model. */
export function listedId(
  { id, providerModelId }: Pick<OfferedModel, 'id' | 'providerModelId'>,
  ids: OpenaiIds,
): string {
  return ids === 'public' ? id : providerModelId
}

/** The whole list. */
export function openaiList(ids: OpenaiIds): ListFormat {
  return {
    mediaType: 'application/json; charset=utf-8',
    parts: [{ begin: '{"object":"list","data":[', separator: ',' }],
    end: ']}',
    pieces: (model) => [JSON.stringify(toOpenaiEntry(model, ids))],
  }
}

export function toOpenaiEntry(model: OfferedModel, ids: OpenaiIds): OpenaiEntry {
  const pricing = {
    prompt: model.inputCostPerToken,
    completion: model.outputCostPerToken,
    input_cache_read: model.cacheReadCostPerToken,
    input_cache_write: model.cacheWriteCostPerToken,
  }
  return {
    id: listedId(model, ids),
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
  return models.find((model) => listedId(model, ids) === id) ?? models[0]
}
