/** models.dev's `api.json`, which programs read in the place of models.dev's own: one provider, the gateway. @see https://models.dev and packages/core/src/schema.ts of anomalyco/models.dev (read 2026-11) */
import { GATEWAY_ID, GATEWAY_KEY, JSON_TYPE, type Client } from './client.js'
import { perMillion } from './per-million.js'
import type { ModelRecord } from '../model/model-record.js'

const MODALITIES: ReadonlyMap<string, string> = new Map([
  ...['text', 'audio', 'image', 'video'].map((word) => [word, word] as const),
  ['file', 'pdf'],
])

export const modelsDev = {
  file: 'api.json',
  format({ url, name }) {
    const provider = { id: GATEWAY_ID, env: [GATEWAY_KEY], npm: '@ai-sdk/openai-compatible', api: url, name, doc: url }
    const open = JSON.stringify({ [GATEWAY_ID]: { ...provider, models: {} } }).slice(0, -3)
    return {
      mediaType: JSON_TYPE,
      parts: [{ begin: `${open}\n`, separator: ',\n' }],
      end: '\n}}}\n',
      pieces: (model, id) => {
        const entry = modelsDevEntry(model)
        // Its readers stumble over a model without limits, and it has no word for unknown ones.
        if (entry.limit === undefined) return null
        // Demanded of a model that reasons: none of its controls is known.
        const controls = entry.reasoning === true ? { reasoning_options: [] } : {}
        return [`${JSON.stringify(id)}:${JSON.stringify({ id, ...entry, ...controls })}`]
      },
    }
  },
} satisfies Client

/** What models.dev's shape can say of a model; what is unknown is left out. */
export function modelsDevEntry(model: ModelRecord) {
  const { capabilities, contextLength: context, maxOutputTokens: output } = model
  const attached = [capabilities.vision, capabilities.pdfInput, capabilities.audioInput]
  return {
    name: model.name,
    attachment: attached.includes(true) ? true : known(attached.every((said) => said === false) ? false : null),
    reasoning: known(capabilities.reasoning),
    tool_call: known(capabilities.functionCalling),
    structured_output: known(capabilities.structuredOutput),
    release_date: model.createdAt?.slice(0, 10),
    modalities: modalitiesOf(model),
    // Two of a kind, of which the shape does not take one alone.
    limit: context === null || output === null ? undefined : { context, output },
    cost: costOf(model),
  }
}

function modalitiesOf({ inputModalities, outputModalities }: ModelRecord) {
  const [input, output] = [inputModalities, outputModalities].map((words) =>
    words.flatMap((word) => MODALITIES.get(word) ?? []),
  )
  return inputModalities.length === 0 || outputModalities.length === 0 ? undefined : { input, output }
}

function costOf(model: ModelRecord) {
  const [input, output] = [perMillion(model.inputCostPerToken), perMillion(model.outputCostPerToken)]
  return input === undefined || output === undefined
    ? undefined
    : {
        input,
        output,
        cache_read: perMillion(model.cacheReadCostPerToken),
        cache_write: perMillion(model.cacheWriteCostPerToken),
      }
}

function known(said: boolean | null): boolean | undefined {
  return said ?? undefined
}
