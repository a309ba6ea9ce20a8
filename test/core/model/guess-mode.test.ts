import t from 'tap'
import { classifyModalities, classifyMode } from '../../../src/core/model/guess-mode.js'
import type { Mode } from '../../../src/core/model/model.js'

const NAMES: Readonly<Partial<Record<Mode, readonly string[]>>> = {
  chat: [],
  responses: [],
  embedding: [
    ...['text-embedding-3-large', 'text-embedding-ada-002', 'text-embedding-bge-m3', 'mistral-embed', 'BAAI/bge-m3'],
    ...['nomic-embed-text:v1.5', 'Qwen/Qwen3-Embedding-8B', 'intfloat/multilingual-e5-large', 'voyage-3.5-lite'],
    ...['togethercomputer/m2-bert-80M-8k-retrieval', 'sentence-transformers/all-MiniLM-L6-v2', 'gemini-embedding-001'],
    ...[
      'sentence-transformers/paraphrase-MiniLM-L6-v2',
      'multi-qa-mpnet-base-dot-v1',
      'shibing624/text2vec-base-chinese',
    ],
  ],
  rerank: ['BAAI/bge-reranker-v2-m3', 'accounts/fireworks/models/qwen3-reranker-8b', 'rerank-v3.5'],
  moderation: [
    ...['omni-moderation-latest', 'text-moderation-007', 'meta-llama/Llama-Guard-4-12B', 'mistral-moderation-latest'],
    ...['meta-llama/llama-prompt-guard-2-22m', 'openai/gpt-oss-safeguard-20b', 'google/shieldgemma-9b'],
  ],
  audio_transcription: [
    ...['whisper-1', 'openai/whisper-large-v3-turbo', 'distil-whisper-large-v3-en', 'gpt-4o-mini-transcribe'],
    ...['voxtral-mini-transcribe-2507', 'nvidia/parakeet-tdt-0.6b-v3', 'glm-asr-2512'],
  ],
  audio_speech: [
    ...['tts-1', 'tts-1-hd', 'gpt-4o-mini-tts-2025-12-15', 'tts-kokoro', 'hexgrad/Kokoro-82M', 'playai-tts-arabic'],
    ...['canopylabs/orpheus-v1-english', 'gemini-2.5-flash-preview-tts'],
  ],
  image_generation: [
    ...[
      'dall-e-3',
      'gpt-image-1-mini',
      'chatgpt-image-latest',
      'black-forest-labs/FLUX.1-schnell',
      'imagen-4.0-generate',
    ],
    ...['accounts/fireworks/models/flux-1-dev-fp8', 'stabilityai/stable-diffusion-xl-base-1.0', 'grok-2-image-1212'],
    ...['qwen/qwen-image', 'gemini-2.5-flash-image-preview'],
  ],
  video_generation: ['sora-2-pro', 'veo-3.1-generate-preview', 'grok-imagine-video', 'kling-v2', 'wan2.2-t2v-plus'],
  completion: [
    'openai/ft:davinci-002:acme::x1',
    'davinci-002',
    'babbage-002',
    'text-davinci-003',
    'gpt-3.5-turbo-instruct',
    'ft:davinci-002:acme::x1',
  ],
}

const SILENT = [
  ...['gpt-6', 'o9-mini', 'claude-opus-5', 'deepseek-chat', 'grok-4-fast', 'kimi-k2-instruct-0905', 'llama3.3:70b'],
  ...['meta-llama/Llama-3.3-70B-Instruct', 'mistralai/Mixtral-8x7B-Instruct-v0.1', 'gpt-realtime', 'gpt-audio'],
  // Words that only look alike, and words of the path or of a fine-tune's name.
  ...['influx-7b', 'abstract-1', 'guardrail-7b', 'adamant-7b', 'imaginarium', 'videollama', 'embers-7b'],
  ...['black-forest-labs/chat-1', 'openai-whisper/gpt-6', 'ft:gpt-4o-mini-2024-07-18:acme:whisper-embed:Xy', ''],
]

t.test('a name that states its mode', async (t) => {
  for (const [mode, names = []] of Object.entries(NAMES))
    for (const name of names) t.equal(classifyMode(name), mode, name)
})

t.test('a name that does not', async (t) => {
  for (const name of SILENT) t.equal(classifyMode(name), null, JSON.stringify(name))
})

t.test('long names take no time', async (t) => {
  const started = performance.now()
  for (const part of ['-', 'tts-', 'a', 'image', '/', 'ft:'])
    for (let i = 0; i < 100; i++) classifyMode(part.repeat(1_000))
  t.ok(performance.now() - started < 1_000)
})

t.test('modalities', async (t) => {
  const rows: readonly (readonly [input: string[], output: string[], mode: Mode | null])[] = [
    [['text'], ['text'], 'chat'],
    [['text', 'image'], ['text', 'image'], 'chat'],
    [['audio', 'text'], ['audio', 'text'], 'chat'],
    [['audio'], ['text'], 'audio_transcription'],
    [[], ['text'], 'chat'],
    [['text'], ['image'], 'image_generation'],
    [['TEXT'], ['EMBEDDING'], 'embedding'],
    [['text'], ['embeddings'], 'embedding'],
    [['text'], ['video'], 'video_generation'],
    [['text'], ['audio'], 'audio_speech'],
    [['text'], ['speech'], 'audio_speech'],
    [['text'], [], null],
    [['text'], ['scores'], null],
  ]
  for (const [input, output, mode] of rows) t.equal(classifyModalities(input, output), mode, `${input}->${output}`)
})
