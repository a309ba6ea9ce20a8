/**
 * The models of `morpheus` that stand in for unknown ones where no default is set. Another provider that lists such a name never becomes the default.
 * @see https://github.com/MorpheusAIs/Morpheus-Marketplace-API (read 2026-11)
 */
import type { RequestType } from './request-types.js'

export const DEFAULT_MODELS_PROVIDER = 'morpheus'

export const DEFAULT_MODELS = {
  chat: 'mistral-31-24b',
  embedding: 'text-embedding-bge-m3',
  speech: 'tts-kokoro',
  transcription: 'whisper-1',
} as const satisfies Record<RequestType, string>

/** Which variable sets each. */
export const DEFAULT_VARIABLES = {
  chat: 'DEFAULT_FALLBACK_MODEL',
  embedding: 'DEFAULT_FALLBACK_EMBEDDINGS_MODEL',
  speech: 'DEFAULT_FALLBACK_TTS_MODEL',
  transcription: 'DEFAULT_FALLBACK_STT_MODEL',
} as const satisfies Record<RequestType, string>
