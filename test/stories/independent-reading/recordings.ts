/** Which recording is read by which reader, and by which source. */
import * as hosts from './hosts.js'
import * as machines from './machines.js'
import * as makers from './makers.js'
import type { Raw, Reading } from './reading.js'
import * as sellers from './sellers.js'

export interface Recording {
  reader(raw: Raw): Reading
  source: string
  /** Of the source's listings; default its first. */
  path?: string
  /** Where its rows are; default `data`. */
  rows?: string
  /** The member with the id; default `id`. */
  id?: string
}

export const RECORDINGS: Readonly<Record<string, Recording>> = {
  'anthropic/2026-02-10.json': { reader: makers.anthropic, source: 'anthropic' },
  'baseten/2025-09.json': { reader: sellers.baseten, source: 'baseten' },
  'bedrock/2026-02-10.json': { reader: machines.bedrock, source: 'bedrock', rows: 'modelSummaries', id: 'modelId' },
  'cerebras/2025-09.json': { reader: hosts.cerebras, source: 'cerebras' },
  'chutes/2025-09-enriched.json': { reader: hosts.chutes, source: 'chutes' },
  'deepinfra/2025-09-openai-shape.json': { reader: hosts.deepinfra, source: 'deepinfra' },
  'deepseek/2026-02-10.json': { reader: makers.deepseek, source: 'deepseek' },
  'featherless/2025-09-old-shape.json': { reader: hosts.featherless, source: 'featherless' },
  'fireworks/2025-09.json': { reader: hosts.fireworks, source: 'fireworks' },
  'friendli/2025-09.json': { reader: sellers.friendli, source: 'friendli' },
  'gemini/2026-02-10.json': { reader: makers.gemini, source: 'gemini', rows: 'models', id: 'name' },
  'groq/2025-09.json': { reader: hosts.groq, source: 'groq' },
  'groq/2026-01.json': { reader: hosts.groq, source: 'groq' },
  'huggingface/2026.json': { reader: hosts.huggingface, source: 'huggingface' },
  'hyperbolic/2025-09.json': { reader: sellers.hyperbolic, source: 'hyperbolic' },
  'litellm/v1_models-1.108.7.json': { reader: machines.litellmName, source: 'litellm', path: '/v1/models' },
  'lmstudio/2025-09.json': { reader: machines.lmstudio, source: 'lmstudio' },
  'mistral/2025-09.json': { reader: makers.mistral, source: 'mistral' },
  'mistral/2026-01-16.json': { reader: makers.mistral, source: 'mistral' },
  'moonshot/2025-09.json': { reader: makers.moonshot, source: 'moonshot' },
  'ollama/2025-06-05.json': { reader: machines.ollama, source: 'ollama', rows: 'models', id: 'model' },
  'openai/2026-02-10.json': { reader: makers.openai, source: 'openai' },
  'openrouter/2025-05-roo.json': { reader: hosts.openrouter, source: 'openrouter' },
  'openrouter/2025-09.json': { reader: hosts.openrouter, source: 'openrouter' },
  'openrouter/2026-02-10.json': { reader: hosts.openrouter, source: 'openrouter' },
  'poe/2025-09.json': { reader: sellers.poe, source: 'poe' },
  'sambanova/2025-09.json': { reader: sellers.sambanova, source: 'sambanova' },
  'vllm-llamacpp/2026-07.json': { reader: machines.llamacpp, source: 'vllm' },
  'xai-v1/2026-02-10.json': { reader: makers.xai, source: 'xai' },
  'zai/2025-09.json': { reader: makers.zai, source: 'zai' },
}

/** Recordings of addresses that no source asks, and why. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  'litellm/model_group_info-1.108.7.json':
    '/model/info says the same of each deployment, and does not call what is unknown false',
}
