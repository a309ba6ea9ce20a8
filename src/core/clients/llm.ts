/** `extra-openai-models.yaml` of the command `llm`. @see https://llm.datasette.io/en/stable/other-models.html#openai-compatible-models (read 2026-11) */
import { GATEWAY_ID, YAML_TYPE, type Client } from './client.js'
import { serves } from '../names/request-type.js'
import { yamlItem } from './yaml.js'
import type { ModelRecord } from '../model/model-record.js'

export const llm = {
  file: 'extra-openai-models.yaml',
  format: ({ url }) => ({
    mediaType: YAML_TYPE,
    parts: [{ begin: '', separator: '' }],
    end: '',
    empty: '[]\n',
    pieces: (model, id) => {
      if (!serves(model.mode, 'chat')) return null
      // In front of it, since llm has OpenAI's own models under their names.
      const ids = { model_id: `${GATEWAY_ID}/${id}`, model_name: id }
      return [yamlItem({ ...ids, api_base: url, api_key_name: GATEWAY_ID, ...abilitiesOf(model) }, 0)]
    },
  }),
} satisfies Client

/** `llm` reads a member as `true` or not at all, streaming apart, which it assumes. */
function abilitiesOf({ mode, capabilities }: ModelRecord) {
  const { functionCalling, structuredOutput, vision, audioInput, streaming } = capabilities
  return {
    completion: mode === 'completion' ? true : undefined,
    responses: mode === 'responses' ? true : undefined,
    supports_tools: functionCalling === true ? true : undefined,
    supports_schema: structuredOutput === true ? true : undefined,
    vision: vision === true ? true : undefined,
    audio: audioInput === true ? true : undefined,
    can_stream: streaming === false ? false : undefined,
  }
}
