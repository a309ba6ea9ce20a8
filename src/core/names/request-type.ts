/** What a request wants of a model, and which modes serve it. */
import type { Mode } from '../model/model.js'
import { REQUEST_TYPES, type RequestType } from './request-types.js'
import { ResolveError } from './resolve-error.js'

// LiteLLM answers a chat request with a model of mode completion or responses, too.
const SERVED_BY: Readonly<Record<RequestType, readonly Mode[]>> = {
  chat: ['chat', 'completion', 'responses', 'router'],
  embedding: ['embedding'],
  speech: ['audio_speech'],
  transcription: ['audio_transcription'],
}

/** Beside our own words those of the Morpheus registry and gateway, and the modes. */
const WORDS: ReadonlyMap<string, RequestType> = new Map([
  ['chat', 'chat'],
  ['llm', 'chat'],
  ['embedding', 'embedding'],
  ['embeddings', 'embedding'],
  ['speech', 'speech'],
  ['tts', 'speech'],
  ['audio_speech', 'speech'],
  ['transcription', 'transcription'],
  ['stt', 'transcription'],
  ['audio_transcription', 'transcription'],
])

/** A pattern (JSON Schema) of exactly what {@link readRequestType} reads. */
export const REQUEST_TYPE_PATTERN = `^\\s*(${[...WORDS.keys()].map(inAnyCase).join('|')})\\s*$`

/** The words, for a message. */
export const REQUEST_TYPE_WORDS = `${REQUEST_TYPES.join(', ')}, or LLM, EMBEDDINGS, TTS, STT`

function inAnyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

/** The type that a word means, in any case; `null`: none. Throws nothing. */
export function readRequestType(word: string): RequestType | null {
  return WORDS.get(word.trim().toLowerCase()) ?? null
}

/**
 * The type that an option `type` means, in the words of {@link readRequestType}.
 * @throws ResolveError
 */
export function requestTypeOf(word: string): RequestType {
  if (Object.hasOwn(SERVED_BY, word)) return word as RequestType
  const type = typeof word === 'string' ? readRequestType(word) : null
  if (type !== null) return type
  throw new ResolveError(
    'FST_MODEL_SYNC_VALIDATION',
    `type is ${JSON.stringify(word)}, expected one of ${REQUEST_TYPE_WORDS}`,
  )
}

/** Whether a model of this mode serves such requests; one of unknown mode may. */
export function serves(mode: Mode | null, type: RequestType): boolean {
  return mode === null || SERVED_BY[type].includes(mode)
}

/** The modes that serve such requests, for a message. */
export function modesServing(type: RequestType): readonly Mode[] {
  return SERVED_BY[type]
}
