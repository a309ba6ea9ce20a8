/** How names are resolved, and which model stands in for an unknown one. */
import { Type } from 'typebox'
import { DEFAULT_MODELS, DEFAULT_VARIABLES } from '../core/names/default-models.js'
import { option } from './define-option.js'

const fallback = (model: string, requests: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      pattern: '\\S',
      description: `the model that serves ${requests} whose own model is unknown: a name or a public id; unset: ${model} of morpheus, where that is synced`,
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
      description: 'direct mode alone: seconds for which its list of models is good',
    }),
  ),
  reactiveSync: option(
    'MODEL_SYNC_REACTIVE',
    Type.Boolean({
      default: false,
      description:
        'sync the providers that could own it when a model is asked for that nobody has, every 5 minutes at most',
    }),
  ),
}
