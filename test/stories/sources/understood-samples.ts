/** What is understood of each recorded answer, a line for each entry. */

export interface Understood {
  /** The source that reads it. */
  source: string
  /** How the path of its listing begins; default the source's first. */
  path?: string
  /** A line for each entry, or how many there are of each mode. */
  models: readonly string[] | Readonly<Record<string, number>>
}

export const UNDERSTOOD: Readonly<Record<string, Understood>> = {
  'anthropic.json': {
    source: 'anthropic',
    models: ['claude-opus-4-20250514: chat, since 2025-05-22', 'claude-3-7-sonnet-20250219: chat, since 2025-02-19'],
  },
  'azure.json': {
    source: 'azure',
    models: [
      'gpt-35-turbo: chat, since 2023-03-09, until 2024-07-05',
      'gpt-35-turbo: chat, since 2023-06-19, until 2024-01-15',
      'text-embedding-ada-002: embedding, since 2023-04-03, until 2025-04-03',
    ],
  },
  'bedrock.json': {
    source: 'bedrock',
    models: [
      'anthropic.claude-3-haiku-20240307-v1:0: chat, image+text->text, +streaming, +vision',
      'meta.llama3-8b-instruct-v1:0: chat, text->text, +streaming, -vision',
      'meta.llama3-3-70b-instruct-v1:0: chat, text->text, +streaming, -vision',
    ],
  },
  'cerebras.json': { source: 'cerebras', models: ['qwen-3-32b: chat, since 2025-04-28'] },
  'chutes.json': {
    source: 'chutes',
    models: [
      'Qwen/Qwen3-32B-TEE: chat, 40960/40960, text->text, $0.104 $0.416 $0.052 -, +functionCalling, -vision, +reasoning, +structuredOutput, -audioInput, -audioOutput',
      'google/gemma-4-31B-turbo-TEE: chat, 131072/65536, image+text->text, $0.12 $0.37 $0.06 -, +functionCalling, +vision, +reasoning, +structuredOutput, -audioInput, -audioOutput',
      'moonshotai/Kimi-K2.6-TEE: chat, 262144/65535, image+text+video->text, $0.66 $3.50 $0.33 -, +functionCalling, +vision, +reasoning, +structuredOutput, -audioInput, -audioOutput',
    ],
  },
  'cohere.json': {
    source: 'cohere',
    models: ['command-r-plus: chat, 128000/?, +functionCalling, -vision, +structuredOutput'],
  },
  'deepseek.json': { source: 'deepseek', models: ['deepseek-chat: chat'] },
  'gemini.json': {
    source: 'gemini',
    models: [
      'gemini-2.0-flash-exp-image-generation: image_generation, 1048576/8192',
      'gemini-2.5-pro-exp-03-25: chat, 1048576/65536, +promptCaching',
    ],
  },
  'gemini-openai-compat.json': {
    source: 'endpoint',
    models: [
      'models/embedding-gecko-001: embedding',
      'models/gemini-2.5-flash: mode unknown',
      'models/gemini-2.5-pro: mode unknown',
    ],
  },
  'groq.json': {
    source: 'groq',
    models: [
      'whisper-large-v3: audio_transcription, 448/?, since 2023-09-03',
      'moonshotai/kimi-k2-instruct-0905: chat, 262144/16384, since 2025-09-05',
      'openai/gpt-oss-20b: chat, 131072/65536, since 2025-08-05',
    ],
  },
  'huggingface.json': {
    source: 'huggingface',
    models: [
      'deepseek-ai/DeepSeek-V4-Pro: chat, 1048576/?, text->text, $1.69 $3.38 - -, +functionCalling, -vision, +structuredOutput, -audioInput, -audioOutput, since 2026-04-22',
    ],
  },
  'litellm.json': {
    source: 'litellm',
    models: [
      'llama3: chat, 8192/8192, text->text, $0 $0 - -, -functionCalling',
      'embed-local: embedding, 2048/2048, text->, $0 $0 - -, -functionCalling',
      'qwen-heavy: chat, 32768/32768, text->text, $0 $0 - -, +functionCalling',
    ],
  },
  'lmstudio.json': {
    source: 'lmstudio',
    models: [
      'qwen3-4b-instruct-2507: chat, 262144/?, +functionCalling',
      'text-embedding-nomic-embed-text-v1.5: embedding, 2048/?',
      'phi-4-mini-instruct: chat, 131072/?',
    ],
  },
  'morpheus.json': { source: 'morpheus', models: { 'mode unknown': 2, audio_transcription: 1 } },
  'morpheus-models.json': {
    source: 'morpheus',
    models: { 'mode unknown': 31, audio_transcription: 1, chat: 5, image_generation: 1, video_generation: 1 },
  },
  'novita.json': {
    source: 'novita',
    models: [
      'deepseek/deepseek-prover-v2-671b: chat, 160000/160000, $0.70 $2.50 - -, since 2025-04-30',
      'qwen/qwen3-235b-a22b-fp8: chat, 128000/128000, $0.20 $0.80 - -, since 2025-04-29',
    ],
  },
  'ollama.json': { source: 'ollama', models: ['deepseek-r1:14b: mode unknown, $0 $0 - -'] },
  'openai.json': {
    source: 'openai',
    models: [
      'gpt-5.2-codex: responses, since 2025-12-19',
      'gpt-4o-mini-tts-2025-12-15: audio_speech, since 2025-12-13',
      'dall-e-3: image_generation, since 2023-10-31',
    ],
  },
  'openrouter.json': {
    source: 'openrouter',
    models: [
      'anthropic/claude-opus-4: chat, 200000/32000, image+text->text, $15 $75 $1.50 $18.75, input_image 0.024 USD/image, +functionCalling, +toolChoice, +vision, +reasoning, -pdfInput, -audioInput, -audioOutput, since 2025-05-22',
      'openrouter/auto: chat, 2000000/?, text->text, -vision, -pdfInput, -audioInput, -audioOutput, since 2023-11-08',
      'mistralai/devstral-small:free: chat, 131072/?, text->text, $0 $0 - -, -vision, -pdfInput, -audioInput, -audioOutput, since 2025-05-21',
    ],
  },
  'openrouter-2026.json': {
    source: 'openrouter',
    models: [
      'anthropic/claude-sonnet-4: chat, 1000000/64000, file+image+text->text, $3 $15 $0.30 $3.75, cache_read_tier_200000_up $0.60, cache_write_1h $6, cache_write_1h_tier_200000_up $12, cache_write_tier_200000_up $7.50, input_tier_200000_up $6, output_tier_200000_up $22.50, web_search 0.01 USD/request, +functionCalling, +toolChoice, +vision, +reasoning, +pdfInput, -audioInput, -audioOutput, aliases 1, since 2025-05-22',
      'openai/gpt-4.1-mini: chat, 1047576/32768, file+image+text->text, $0.40 $1.60 $0.10 -, web_search 0.01 USD/request, +functionCalling, +toolChoice, +vision, +structuredOutput, +pdfInput, -audioInput, -audioOutput, aliases 1, since 2025-04-14',
      'openai/gpt-4o: chat, 128000/16384, file+image+text->text, $2.50 $10 $1.25 -, +functionCalling, +toolChoice, +vision, +structuredOutput, +pdfInput, -audioInput, -audioOutput, since 2024-05-13',
    ],
  },
  'together.json': {
    source: 'together',
    models: ['arcee_ai/arcee-spotlight: chat, 131072/?, $0.18 $0.18 - -, since 2025-04-01'],
  },
  'vercel-ai-gateway.json': {
    source: 'vercel-ai-gateway',
    models: [
      'google/gemini-3-pro: chat, 1000000/64000, $2 $12 $0.20 $2, cache_read_tier_200001_up $0.40, cache_write_tier_200001_up $4, input_tier_200001_up $4, output_tier_200001_up $18, +functionCalling, +vision, +reasoning, +pdfInput, since 2025-11-18',
    ],
  },
  'xai-v1-models.json': {
    source: 'endpoint',
    models: ['grok-2-vision-1212: mode unknown', 'grok-3: mode unknown', 'grok-2-image-1212: image_generation'],
  },
  'shapes/alibaba.json': {
    source: 'alibaba',
    models: [
      'qwen3.7-flash: mode unknown, $0.03 $0.13 - -, input_tier_32k_256k $0.10, output_tier_32k_256k $0.40',
      'qwen-image-max: image_generation, output_image 0.075 USD/image',
    ],
  },
  'shapes/anthropic-2026-fixture.json': {
    source: 'anthropic',
    models: [
      'claude-opus-5: chat, 1000000/64000, file+image+text->text, +vision, +reasoning, +structuredOutput, +pdfInput, since 2026-07-24',
    ],
  },
  'shapes/cerebras-public.json': {
    source: 'cerebras',
    models: ['gpt-oss-120b: chat, 131072/40960, +functionCalling, -vision, +reasoning'],
  },
  'shapes/deepinfra.json': {
    source: 'deepinfra',
    models: [
      'deepseek-ai/DeepSeek-V3.2: chat, 32768/?, text->text, $0.26 $0.38 - -, +functionCalling',
      'moonshotai/Kimi-K2.5: chat, text->text, $0.20 - - -, until 2026-09-07, then moonshotai/Kimi-K2.6',
      'black-forest-labs/FLUX-2: image_generation, text->image',
    ],
  },
  'shapes/fal.json': { source: 'fal', models: ['fal-ai/fixture/text-to-video: video_generation, text->video'] },
  'shapes/fireworks.json': {
    source: 'fireworks',
    models: [
      'accounts/fireworks/models/kimi-k3: chat, 1048576/?, +functionCalling, +vision, since 2026-06-11',
      'accounts/fireworks/models/qwen3-reranker-8b: rerank, 131072/?, -functionCalling, -vision, since 2026-06-11',
      'accounts/fireworks/routers/glm-5p3-fast: filtered, router',
    ],
  },
  'shapes/fireworks-management.json': {
    source: 'fireworks',
    path: '/v1/accounts',
    models: ['accounts/fireworks/models/kimi-k2p6: nothing', 'accounts/fireworks/models/kimi-k2p5: until 2026-12-01'],
  },
  'shapes/helicone.json': {
    source: 'helicone',
    models: [
      'claude-opus-4-1: chat, 200000/32000, text->text, $15 $75 $1.50 $18.75, -vision, -audioInput, -audioOutput',
    ],
  },
  'shapes/mistral.json': {
    source: 'mistral',
    models: [
      'mistral-small-2506: chat, 131072/?, image+text->text, +functionCalling, +vision, -reasoning, aliases 1',
      'mistral-medium-2312: chat, until 2026-11-30, then mistral-medium-latest',
      'mistral-embed: embedding',
    ],
  },
  'shapes/near.json': {
    source: 'near',
    models: [
      'zai-org/GLM-5.1-FP8: chat, 202752/?, text->text, $0.85 $3.30 - -, -vision, -audioInput, -audioOutput',
      'openai/gpt-oss-120b: mode unknown, 131000/?, $0.15 $0.55 - -',
      'Qwen/Qwen3.6-35B-A3B-FP8: chat, 262144/?, text->text, -vision, -audioInput, -audioOutput',
    ],
  },
  'shapes/vertex.json': {
    source: 'google-vertex',
    models: ['gemini-3.5-flash: chat', 'text-embedding-005: embedding', 'imagen-4: image_generation'],
  },
  'shapes/xai.json': {
    source: 'xai',
    models: [
      'grok-4.20-0309-non-reasoning: chat, image+text->text, $1.25 $2.50 - -, +vision, -audioInput, -audioOutput, aliases 1, since 2026-03-09',
      'grok-4.7: chat, image+text->text, +vision, +reasoning, -audioInput, -audioOutput, aliases 1, since 2026-08-29',
      'grok-imagine-video: video_generation, image+text->video, +vision, -audioInput, -audioOutput, since 2026-08-29',
    ],
  },
}

/** Of listings that are not read, or no listings at all. */
export const OF_NO_LISTING: readonly string[] = [
  'nebius-public.json',
  'morpheus-model_mappings.json',
  'morpheus-prod_model_price.json',
  'morpheus-prod_rate_limit.json',
  'morpheus-test_model_price.json',
  'morpheus-test_rate_limit.json',
]
