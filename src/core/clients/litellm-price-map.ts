/** LiteLLM's map of prices, for `LITELLM_MODEL_COST_MAP_URL` and `litellm.register_model`. @see https://docs.litellm.ai/docs/provider_registration/add_model_pricing (read 2026-11) */
import { JSON_TYPE, type Client } from './client.js'
import { litellmInfo } from './litellm-info.js'
import type { ModelRecord } from '../model/model-record.js'

export const litellmPriceMap = {
  file: 'model_prices_and_context_window.json',
  format: () => ({
    mediaType: JSON_TYPE,
    parts: [{ begin: '{\n', separator: ',\n' }],
    end: '\n}\n',
    pieces: (model, id) => [`${JSON.stringify(id)}:${JSON.stringify({ ...litellmInfo(model), ...oldLimit(model) })}`],
  }),
} satisfies Client

/** Before there were two limits, `max_tokens` was the one of the answer. */
function oldLimit({ maxOutputTokens }: ModelRecord): object {
  return maxOutputTokens === null ? {} : { max_tokens: maxOutputTokens }
}
