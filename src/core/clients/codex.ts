/** Codex' catalogue of models, the file that its `model_catalog_json` names. @see https://developers.openai.com/codex/config-reference and codex-rs/protocol/src/openai_models.rs of openai/codex (read 2026-11) */
import { JSON_TYPE, type Client } from './client.js'
import { serves } from '../names/request-type.js'
import type { ModelRecord } from '../model/model-record.js'

/** What Codex demands of each model, and what it takes for one that it does not know. None of it says anything of the model. */
const DEMANDED = {
  supported_reasoning_levels: [],
  shell_type: 'default',
  visibility: 'list',
  supported_in_api: true,
  support_verbosity: false,
  truncation_policy: { mode: 'bytes', limit: 10_000 },
  experimental_supported_tools: [],
  base_instructions:
    'You are a coding agent in a terminal, and share a workspace with the user. Read the code before you change it, keep each change small and to the point, run what shows that it works, and say plainly what you did and what is left.',
}

export const codex = {
  file: 'models.json',
  format: () => ({
    mediaType: JSON_TYPE,
    parts: [{ begin: '{"models":[\n', separator: ',\n' }],
    end: '\n]}\n',
    pieces: (model, id) => (serves(model.mode, 'chat') ? [JSON.stringify(entryOf(model, id))] : null),
  }),
} satisfies Client

function entryOf(model: ModelRecord, id: string): object {
  const { capabilities, contextLength } = model
  return {
    slug: id,
    display_name: model.name,
    description: model.description ?? undefined,
    // Codex sorts by it, then by name.
    priority: 0,
    context_window: contextLength ?? undefined,
    input_modalities: inputsOf(model),
    supports_parallel_tool_calls: capabilities.parallelFunctionCalling ?? undefined,
    ...DEMANDED,
  }
}

/** Codex sends texts and images. */
function inputsOf({ inputModalities, capabilities }: ModelRecord): string[] | undefined {
  const known = inputModalities.filter((word) => word === 'text' || word === 'image')
  if (known.length === 0) return capabilities.vision === false ? ['text'] : undefined
  return known
}
