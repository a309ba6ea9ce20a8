/** What LiteLLM's `model_info` and price map can say of a model. What is unknown has no member. @see https://docs.litellm.ai/docs/proxy/configs (read 2026-11) */
import { LITELLM_FLAGS, LITELLM_TOKEN_PRICES } from '../model/litellm-members.js'
import type { ModelRecord } from '../model/model-record.js'
import { litellmOffPeak } from './litellm-off-peak.js'
import { litellmOtherPrices } from './litellm-other-prices.js'
import type { PlainRecord } from './yaml.js'

export function litellmInfo(model: ModelRecord): PlainRecord {
  const { contextLength, maxOutputTokens, inputModalities, outputModalities } = model
  return {
    litellm_provider: model.ownedBy ?? undefined,
    mode: model.mode ?? undefined,
    max_input_tokens: contextLength ?? undefined,
    max_output_tokens: maxOutputTokens ?? undefined,
    ...pricesOf(model),
    ...flagsOf(model),
    supported_modalities: inputModalities.length === 0 ? undefined : inputModalities,
    supported_output_modalities: outputModalities.length === 0 ? undefined : outputModalities,
    deprecation_date: model.deprecationDate ?? undefined,
    successor_model: model.replacedBy ?? undefined,
  }
}

function pricesOf(model: ModelRecord): PlainRecord {
  const tokens = Object.entries(LITELLM_TOKEN_PRICES).map(([field, member]) => {
    const price = model[field as keyof typeof LITELLM_TOKEN_PRICES]
    return [member, price === null ? undefined : Number(price)]
  })
  return {
    ...(Object.fromEntries(tokens) as PlainRecord),
    ...litellmOtherPrices(model.otherPrices),
    off_peak_pricing: litellmOffPeak(model.priceWindows) ?? undefined,
  }
}

function flagsOf({ capabilities }: ModelRecord): PlainRecord {
  const flags = new Map(LITELLM_FLAGS.map(([member, capability]) => [capability, member]))
  return Object.fromEntries([...flags].map(([capability, member]) => [member, capabilities[capability] ?? undefined]))
}
