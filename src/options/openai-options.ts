/** The available models as other programs read them: OpenAI's list, and files in their own shapes. */
import { Type } from 'typebox'
import { ADDRESS, option } from './define-option.js'

export const openaiOptions = {
  gatewayUrl: option(
    'MODEL_SYNC_GATEWAY_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description:
        'address at which clients call the models, /v1 included, for GET /clients/<name>, whose ids are then those of GET /v1/models; unset: the LiteLLM proxy’s, with its own models and ids',
    }),
  ),
  openaiIds: option(
    'MODEL_SYNC_OPENAI_IDS',
    Type.Unsafe<'public' | 'provider'>({
      type: 'string',
      enum: ['public', 'provider'],
      default: 'public',
      description:
        'ids in GET /v1/models; public: litellm/gpt-4o; provider: gpt-4o, as the provider or the proxy knows it',
    }),
  ),
}
