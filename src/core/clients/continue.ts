/** Continue's `config.yaml`. @see https://docs.continue.dev/reference (read 2026-11) */
import { GATEWAY_KEY, YAML_TYPE, type Client } from './client.js'
import { serves } from '../names/request-type.js'
import { yamlItem, yamlScalar } from './yaml.js'
import type { ModelRecord } from '../model/model-record.js'

export const continueDev = {
  file: 'config.yaml',
  format({ url, name }) {
    const head = `name: ${yamlScalar(name)}\nversion: "1.0.0"\nschema: "v1"\n`
    return {
      mediaType: YAML_TYPE,
      parts: [{ begin: `${head}models:\n`, separator: '' }],
      end: '',
      empty: `${head}models: []\n`,
      pieces: (model, id) => {
        const roles = rolesOf(model)
        if (roles === null) return null
        const item = {
          name: id,
          provider: 'openai',
          model: id,
          apiBase: url,
          apiKey: `\${{ secrets.${GATEWAY_KEY} }}`,
          roles,
          ...detailsOf(model),
        }
        return [yamlItem(item, 2)]
      },
    }
  },
} satisfies Client

function rolesOf({ mode }: ModelRecord): string[] | null {
  if (mode === 'embedding') return ['embed']
  if (mode === 'rerank') return ['rerank']
  return serves(mode, 'chat') ? ['chat', 'edit', 'apply'] : null
}

function detailsOf({ capabilities, contextLength }: ModelRecord) {
  const able = [
    ...(capabilities.functionCalling === true ? ['tool_use'] : []),
    ...(capabilities.vision === true ? ['image_input'] : []),
  ]
  return {
    // Without a word of ours Continue goes by the name.
    capabilities: able.length === 0 ? undefined : able,
    defaultCompletionOptions: contextLength === null ? undefined : { contextLength },
  }
}
