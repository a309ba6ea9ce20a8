/** What a model does, by its output modalities or, where upstream says nothing at all, by its name. */
import type { Mode } from './model.js'

// The first that fits. Words stand between the separators of an id, so that `influx` is no FLUX and `abstract` no TTS.
const NAMES: readonly (readonly [RegExp, Mode])[] = [
  [/rerank/, 'rerank'],
  [/moderation|safeguard|shieldgemma|(?:^|[-_.])guard(?:ian)?(?:$|[-_.\d])|llamaguard/, 'moderation'],
  [
    /embed|^(?:bge|gte|uae|(?:all|paraphrase|multi-qa)-(?:minilm|mpnet)|multilingual-e5|e5|voyage|m2-bert|text2vec)(?:$|[-_.\d])|-retrieval$/,
    'embedding',
  ],
  [/whisper|transcri|speech-to-text|(?:^|[-_.])(?:asr|stt)(?:$|[-_.\d])|parakeet|wav2vec/, 'audio_transcription'],
  [/text-to-speech|(?:^|[-_.])tts(?:$|[-_.\d])|^orpheus|kokoro/, 'audio_speech'],
  [
    /text-to-video|image-to-video|(?:^|[-_.])(?:sora|veo|kling|seedance|hailuo|cogvideox?|wan2)(?:$|[-_.\d])|[-_.]video(?:$|[-_.\d])/,
    'video_generation',
  ],
  [
    /dall-e|text-to-image|stable-diffusion|(?:^|[-_.])(?:imagen|flux|sdxl|sd3|ideogram|recraft|seedream|gpt-image)(?:$|[-_.\d])|[-_.]image(?:$|[-_.\d])/,
    'image_generation',
  ],
  [/^(?:text-|code-)?(?:davinci|babbage|curie|ada)(?:$|[-_.\d:])|turbo-instruct/, 'completion'],
]

// Of OpenAI, also behind the name of a provider.
const FINE_TUNE = /(?:^|\/)ft:([^:]*)/

/**
 * The mode that a model's name states beyond doubt. Only the last part of a path counts (`openai/whisper-1`), and of a fine-tune
 * (`ft:gpt-4o:acme:whisper:id`) the model that it was made from.
 *
 * Never `chat`: most names could be chat, so only a source that knows what its listing holds may say it of the rest.
 * @returns `null` when the name says nothing. Throws nothing.
 */
export function classifyMode(id: string): Mode | null {
  const base = FINE_TUNE.exec(id)?.[1] ?? id
  const name = base.slice(base.lastIndexOf('/') + 1).toLowerCase()
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** Providers whose lists hold no language models. */
const MEDIA_ALONE: readonly string[] = ['fal']

/**
 * Words of a whole id, path included, that say what a model is not: it deals in pictures, sound or vectors, though which mode that is they do not tell
 * (`speech-02-hd` speaks, `nova-reel` makes films, all that `elevenlabs/` has is for the ear).
 */
const NO_CHAT =
  /(?:^|[-_./@])(?:audio|speech|voices?|music|lyria|chirp|scribe|eleven|sonic|realtime|live|polly|deepgram|elevenlabs|assemblyai|images?|img|canvas|nano-banana|midjourney|kolors|hidream|flux|upscale|inpaint|outpaint|recraftv?|runwayml|stability|reel|[tir]2[iv]|clip|colbert|bge|gte|nomic|sentence-transformers|rank(?:er)?)(?:$|[-_./@\d])/

/**
 * `chat` for a model whose mode nobody states, unless its name says that it is for something else: of those who list language models most are.
 * An assumption is shown and found, and decides nothing: a request of any type may still mean the model. Throws nothing.
 */
export function assumedMode(provider: string, providerModelId: string): 'chat' | null {
  if (MEDIA_ALONE.includes(provider) || classifyMode(providerModelId) !== null) return null
  const base = FINE_TUNE.exec(providerModelId)?.[1] ?? providerModelId
  return NO_CHAT.test(base.toLowerCase()) ? null : 'chat'
}

/**
 * What {@link assumedMode} goes by, for a database that does the same: regular expressions of the last part of an id and of all of it, and the slugs of
 * providers.
 */
export const NAMES_A_MODE = NAMES.map(([{ source }]) => `(?:${source})`).join('|')
// A slash in a class is escaped in JavaScript's own spelling of it.
export const DENIES_CHAT = NO_CHAT.source.replaceAll('\\/', '/')
export const ASSUMES_NOTHING = MEDIA_ALONE

/**
 * The mode of a model by what upstream says it gives: text is chat, unless it takes nothing but audio; else by its one other medium.
 * @returns `null` when the modalities are not stated or of another kind. Throws nothing.
 */
export function classifyModalities(input: readonly string[], output: readonly string[]): Mode | null {
  const gives = new Set(output.map((word) => word.toLowerCase()))
  if (gives.has('text')) {
    return input.length > 0 && input.every((word) => word.toLowerCase() === 'audio') ? 'audio_transcription' : 'chat'
  }
  if (gives.has('embedding') || gives.has('embeddings')) return 'embedding'
  if (gives.has('image')) return 'image_generation'
  if (gives.has('video')) return 'video_generation'
  if (gives.has('audio') || gives.has('speech')) return 'audio_speech'
  return null
}
