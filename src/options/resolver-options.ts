/** How names are resolved, and which model stands in for an unknown one. */
import { Type } from 'typebox'
import { DEFAULT_MODELS, DEFAULT_VARIABLES } from '../core/names/default-models.js'
import { option } from './define-option.js'

const fallback = (model: string, requests: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      pattern: '\\S',
      description: `default model for ${requests} that name no model or an unknown one: a name or a public id; if unset, ${model} of morpheus where morpheus is synced, else none`,
    }),
  )

export const resolverOptions = {
  fallbackModel: option(DEFAULT_VARIABLES.chat, fallback(DEFAULT_MODELS.chat, 'chat requests')),
  fallbackEmbeddingsModel: option(
    DEFAULT_VARIABLES.embedding,
    fallback(DEFAULT_MODELS.embedding, 'embedding requests'),
  ),
  fallbackTtsModel: option(DEFAULT_VARIABLES.speech, fallback(DEFAULT_MODELS.speech, 'speech requests')),
  fallbackSttModel: option(
    DEFAULT_VARIABLES.transcription,
    fallback(DEFAULT_MODELS.transcription, 'transcription requests'),
  ),
  cacheTtlSeconds: option(
    'MODEL_CACHE_TTL_SECONDS',
    Type.Number({
      minimum: 1,
      maximum: 86_400,
      default: 300,
      description: 'direct mode only: how many seconds its list of models is used before it is fetched again',
    }),
  ),
  reactiveSync: option(
    'MODEL_SYNC_REACTIVE',
    Type.Boolean({
      default: false,
      description:
        'when a request names an unknown model, sync the providers that could own it, at most every 5 minutes',
    }),
  ),
}
