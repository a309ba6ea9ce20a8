/** OpenCode's `opencode.json`: the gateway as a provider of its own. @see https://opencode.ai/docs/providers/ (read 2026-11) */
import { GATEWAY_ID, GATEWAY_KEY, JSON_TYPE, type Client } from './client.js'
import { modelsDevEntry } from './models-dev.js'
import { serves } from '../names/request-type.js'

export const opencode = {
  file: 'opencode.json',
  format({ url, name }) {
    const options = { baseURL: url, apiKey: `{env:${GATEWAY_KEY}}` }
    const provider = { npm: '@ai-sdk/openai-compatible', name, options, models: {} }
    const config = { $schema: 'https://opencode.ai/config.json', provider: { [GATEWAY_ID]: provider } }
    return {
      mediaType: JSON_TYPE,
      parts: [{ begin: `${JSON.stringify(config).slice(0, -4)}\n`, separator: ',\n' }],
      end: '\n}}}}\n',
      pieces: (model, id) => {
        if (!serves(model.mode, 'chat')) return null
        return [`${JSON.stringify(id)}:${JSON.stringify(modelsDevEntry(model))}`]
      },
    }
  },
} satisfies Client
