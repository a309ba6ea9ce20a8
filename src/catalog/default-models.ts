/** The models that stand in for unknown ones unless an operator says otherwise. @see https://github.com/MorpheusAIs/Morpheus-Marketplace-API (read 2026-11) */
import type { DefaultModels } from './resolver.js'

export const DEFAULT_MODELS: DefaultModels = {
  chat: 'mistral-31-24b',
  embedding: 'text-embedding-bge-m3',
  speech: 'tts-kokoro',
  transcription: 'whisper-1',
}
