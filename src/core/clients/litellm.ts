/** LiteLLM's `config.yaml`: a proxy of one's own in front of the gateway. @see https://docs.litellm.ai/docs/proxy/configs and https://docs.litellm.ai/docs/providers/litellm_proxy (read 2026-11) */
import { GATEWAY_ID, GATEWAY_KEY, YAML_TYPE, type Client, type ClientGateway } from './client.js'
import { litellmInfo } from './litellm-info.js'
import { statedFields } from './stated-fields.js'
import { yamlItem } from './yaml.js'
import type { ModelRecord } from '../model/model-record.js'

export const litellm = {
  file: 'config.yaml',
  format: (gateway) => ({
    mediaType: YAML_TYPE,
    parts: [{ begin: 'model_list:\n', separator: '' }],
    end: '',
    empty: 'model_list: []\n',
    // A proxy bills by it, so that it holds what is stated of the model and nothing else.
    pieces: (model, id) => [deployments(statedFields(model), id, gateway)],
  }),
} satisfies Client

/** As many as the model has, among which LiteLLM balances: their rates add up to the model's. */
function deployments(model: ModelRecord, id: string, { url }: ClientGateway): string {
  const count = Math.min(model.deployments ?? 1, 100)
  const info = {
    ...litellmInfo(model),
    description: model.description ?? undefined,
    access_groups: model.accessGroups.length === 0 ? undefined : model.accessGroups,
    team_id: model.teams.length === 1 ? model.teams[0] : undefined,
  }
  return Array.from({ length: count }, (_, index) => {
    const params = {
      model: `litellm_proxy/${id}`,
      api_base: url,
      api_key: `os.environ/${GATEWAY_KEY}`,
      rpm: share(model.rpm, count, index),
      tpm: share(model.tpm, count, index),
    }
    // LiteLLM takes two without an id that are alike for one. As the base model, it keeps LiteLLM from filling what is unknown from the name's
    // entry in its price map; at its end a date would be cut off, and lead to another model.
    const own = `${id}@${GATEWAY_ID}${count === 1 ? '' : `#${index + 1}`}`
    return yamlItem({ model_name: id, litellm_params: params, model_info: { id: own, base_model: own, ...info } }, 2)
  }).join('')
}

function share(rate: number | null, count: number, index: number): number | undefined {
  return rate === null ? undefined : Math.floor(rate / count) + (index < rate % count ? 1 : 0)
}
