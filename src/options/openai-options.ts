/** The list of models in OpenAI's shape. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const openaiOptions = {
  openaiIds: option(
    'MODEL_SYNC_OPENAI_IDS',
    Type.Unsafe<'public' | 'provider'>({
      type: 'string',
      enum: ['public', 'provider'],
      default: 'public',
      description:
        'ids of GET /v1/models; public: ours, with the provider in front; provider: those that the provider, or the proxy behind this server, knows',
    }),
  ),
}
