/** LibreChat's `librechat.yaml`: the gateway as a custom endpoint. @see https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/custom_endpoint (read 2026-11) */
import { GATEWAY_KEY, YAML_TYPE, type Client } from './client.js'
import { perMillion } from './per-million.js'
import { serves } from '../names/request-type.js'
import { yamlScalar } from './yaml.js'
import type { ModelRecord } from '../model/model-record.js'

/** Of LibreChat's configuration. */
const VERSION = '1.3.17'

export const librechat = {
  file: 'librechat.yaml',
  format({ url, name }) {
    const head = [
      `version: ${yamlScalar(VERSION)}`,
      'endpoints:',
      '  custom:',
      `    - name: ${yamlScalar(name)}`,
      `      apiKey: ${yamlScalar(`\${${GATEWAY_KEY}}`)}`,
      `      baseURL: ${yamlScalar(url)}`,
      '      models:',
      '        fetch: false',
      '        default: [\n',
    ]
    return {
      mediaType: YAML_TYPE,
      parts: [
        { begin: head.join('\n'), separator: ',\n' },
        { begin: '\n        ]\n      tokenConfig: {\n', separator: ',\n' },
      ],
      end: '\n      }\n',
      // An endpoint without a model is none.
      empty: `version: ${yamlScalar(VERSION)}\nendpoints:\n  custom: []\n`,
      pieces: (model, id) => {
        if (!serves(model.mode, 'chat')) return null
        const tokens = tokensOf(model)
        return [
          `          ${yamlScalar(id)}`,
          tokens === null ? '' : `        ${yamlScalar(id)}: ${yamlScalar(tokens)}`,
        ]
      },
    }
  },
} satisfies Client

/** USD per million tokens, and the context in tokens: LibreChat takes them together or not at all. */
function tokensOf(model: ModelRecord) {
  const [prompt, completion] = [perMillion(model.inputCostPerToken), perMillion(model.outputCostPerToken)]
  if (prompt === undefined || completion === undefined || model.contextLength === null) return null
  return {
    prompt,
    completion,
    context: model.contextLength,
    cacheRead: perMillion(model.cacheReadCostPerToken),
    cacheWrite: perMillion(model.cacheWriteCostPerToken),
  }
}
