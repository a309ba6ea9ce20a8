/** Canonical names: each row of the documented table, and what must stay without one. */
import t from 'tap'
import { canonicalName } from '../../../src/core/model/canonical-name.js'

const nameOf = ([provider, providerModelId, ownedBy]: readonly [string, string, string?]): string | null =>
  canonicalName({ provider, providerModelId, ownedBy: ownedBy ?? null })

const GROUPS: Record<string, [provider: string, id: string, ownedBy?: string][]> = {
  'openai/gpt-4o': [
    ['openai', 'gpt-4o'],
    ['azure', 'gpt-4o'],
    ['openrouter', 'openai/gpt-4o'],
    ['vercel-ai-gateway', 'openai/gpt-4o'],
    ['helicone', 'gpt-4o'],
    ['litellm', 'gpt-4o', 'openai'],
    ['litellm', 'openai/gpt-4o', 'openai'],
    ['litellm', 'azure/gpt-4o', 'azure'],
    ['litellm', 'openrouter/openai/gpt-4o', 'openrouter'],
  ],
  'openai/gpt-4o-2024-08-06': [['openai', 'gpt-4o-2024-08-06']],
  'openai/gpt-4-turbo': [['openai', 'gpt-4-turbo']],
  'openai/gpt-3.5-turbo': [
    ['openai', 'gpt-3.5-turbo'],
    ['azure', 'gpt-35-turbo'],
  ],
  'openai/gpt-oss-120b': [
    ['cerebras', 'gpt-oss-120b'],
    ['groq', 'openai/gpt-oss-120b'],
    ['fireworks', 'accounts/fireworks/models/gpt-oss-120b'],
    ['bedrock', 'openai.gpt-oss-120b-1:0'],
  ],
  'openai/whisper-large-v3-turbo': [
    ['groq', 'whisper-large-v3-turbo'],
    ['deepinfra', 'openai/whisper-large-v3-turbo'],
  ],
  'anthropic/claude-sonnet-4-5': [
    ['anthropic', 'claude-sonnet-4-5-20250929'],
    ['anthropic', 'claude-sonnet-4-5'],
    ['bedrock', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['google-vertex', 'publishers/anthropic/models/claude-sonnet-4-5@20250929'],
    ['openrouter', 'anthropic/claude-sonnet-4.5'],
    ['aihubmix', 'claude-4.5-sonnet'],
    ['litellm', 'bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock_converse'],
    ['litellm', 'vertex_ai/claude-sonnet-4-5@20250929', 'vertex_ai-anthropic_models'],
  ],
  'anthropic/claude-opus-4': [
    ['anthropic', 'claude-opus-4-20250514'],
    ['anthropic', 'claude-opus-4-0'],
  ],
  'anthropic/claude-opus-4-1': [
    ['bedrock', 'anthropic.claude-opus-4-1'],
    ['anthropic', 'claude-opus-4-1-20250805'],
  ],
  'anthropic/claude-3-5-sonnet-20240620': [['anthropic', 'claude-3-5-sonnet-20240620']],
  'anthropic/claude-3-5-sonnet-20241022': [
    ['anthropic', 'claude-3-5-sonnet-20241022'],
    ['bedrock', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ],
  'google/gemini-2.5-flash-lite': [
    ['gemini', 'models/gemini-2.5-flash-lite'],
    ['gemini', 'gemini-2.5-flash-lite'],
    ['google-vertex', 'gemini-2.5-flash-lite'],
    ['openrouter', 'google/gemini-2.5-flash-lite'],
  ],
  'meta/llama-3.3-70b-instruct': [
    ['huggingface', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['openrouter', 'meta-llama/llama-3.3-70b-instruct'],
    ['bedrock', 'meta.llama3-3-70b-instruct-v1:0'],
  ],
  'meta/llama-3-8b-instruct': [
    ['deepinfra', 'meta-llama/Meta-Llama-3-8B-Instruct'],
    ['bedrock', 'meta.llama3-8b-instruct-v1:0'],
  ],
  'deepseek/deepseek-v3.1': [
    ['nebius', 'deepseek-ai/DeepSeek-V3.1'],
    ['novita', 'deepseek/deepseek-v3.1'],
  ],
  'zai/glm-4.6': [
    ['zai', 'glm-4.6'],
    ['openrouter', 'z-ai/glm-4.6'],
    ['featherless', 'zai-org/GLM-4.6'],
  ],
  'amazon/nova-pro': [
    ['bedrock', 'amazon.nova-pro-v1:0'],
    ['openrouter', 'amazon/nova-pro-v1'],
    ['vercel-ai-gateway', 'amazon/nova-pro'],
  ],
  'mistral/mistral-large-2411': [
    ['mistral', 'mistral-large-2411'],
    ['openrouter', 'mistralai/mistral-large-2411'],
  ],
  'xai/grok-4': [
    ['xai', 'grok-4'],
    ['openrouter', 'x-ai/grok-4'],
  ],
}

t.test('offers of one model have one name', async (t) => {
  for (const [name, offers] of Object.entries(GROUPS))
    for (const offer of offers) t.equal(nameOf(offer), name, offer.join(' '))
})

t.test('none where it is not certain', async (t) => {
  const uncertain: [string, string, string?][] = [
    // Variants are other offers.
    ['openrouter', 'openai/gpt-4o:free'],
    ['openrouter', 'anthropic/claude-3.7-sonnet:thinking'],
    ['aihubmix', 'gpt-4o-free'],
    ['bedrock', 'anthropic.claude-3-haiku-20240307-v1:0:48k'],
    ['novita', 'qwen/qwen3-235b-a22b-fp8'],
    ['featherless', 'unsloth/Llama-3.3-70B-Instruct-bnb-4bit'],
    ['huggingface', 'TheBloke/Llama-2-7B-GPTQ'],
    ['together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
    ['deepinfra', 'openai/gpt-oss-120b-Turbo'],
    ['nebius', 'zai-org/GLM-4.6-fast'],
    ['chutes', 'Qwen/Qwen3-32B-TEE'],
    // Fine-tunes.
    ['openai', 'ft:gpt-4o-mini-2024-07-18:acme::abc'],
    ['openai', 'davinci:ft-acme-2023'],
    ['gemini', 'tunedModels/mine'],
    // What a name means moves.
    ['openai', 'chatgpt-4o-latest'],
    ['anthropic', 'claude-3-5-haiku-latest'],
    ['openrouter', '~openai/gpt-latest'],
    ['deepseek', 'deepseek-chat'],
    ['openrouter', 'deepseek/deepseek-chat'],
    ['mistral', 'mistral-large'],
    ['cohere', 'command-r'],
    // A name that somebody chose.
    ['openai', 'my-assistant'],
    ['litellm', 'fast', 'openai'],
    ['litellm', 'gpt-4o'],
    ['litellm', 'gpt-4o', 'constructor'],
    ['litellm', 'gpt-4o', 'some-startup'],
    ['ollama', 'llama3.3:70b'],
    ['vllm', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['lmstudio', 'gpt-oss-20b'],
    ['mybox', 'openai/gpt-4o'],
    ['fal', 'fal-ai/flux-pro'],
    // Routers, other namespaces, nothing at all.
    ['openrouter', 'openrouter/auto'],
    ['fireworks', 'accounts/acme/models/mine'],
    ['groq', 'llama-3.3-70b-versatile'],
    ['bedrock', 'mistral.mistral-7b-instruct-v0:2'],
    ['bedrock', 'cohere.command-r-v1:0'],
    ['openai', ''],
    ['openrouter', '/'],
    ['openrouter', 'a//b'],
  ]
  for (const model of uncertain) t.equal(nameOf(model), null, model.join(' '))
})
