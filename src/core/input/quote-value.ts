/** A raw value as a warning repeats it: enough to find it again, and nothing that could be a secret in the wrong member. */

// Long enough for a number with all its digits, too short to fill a log.
const QUOTED_LENGTH = 60
// A number, a date or a time with the signs and units that people write beside one.
const LIKE_A_NUMBER = /^[-+$€£~<>=\s]*\d[\d.,_\s:/TZ%kKmMbBgGeE+-]*$/
// Short words of letters alone, such as `soon` or `unlimited`: upstreams name modes and units by them, and secrets are longer.
const A_WORD = /^[A-Za-z]{0,12}$/

// The parts that modes, types, states and units of models are named by. Anything else that is longer than a word may be a key or a password.
const VOCABULARY = new Set(
  `
  a agent analysis and answering any as async audio background base batch cache cached call character chat
  classification classifier classify code completion completions decision decisions detection document draft edit
  editing edits embed embedding embeddings evaluation extension extraction feature file fill fine function generate
  generation guard guardrail hour image images in input instruct interaction interactions interpolation judge language
  large live llm long lora medium message messages mini mode model moderation moderations multi multimodal music number
  object ocr of omni on output page parsing per prediction query question ranking realtime reasoning recognition removal
  request rerank reranker reranking response responses retrieval router routing safety score search second segment
  segmentation sentence session sessions shot similarity small sound speech store stream stt summarization task text
  thinking time to token tokens tool tools training transcription transcriptions transformer translate translation tts
  tuned tuning understanding unit upscale upscaling url variation variations vector vectorstore video view vision visual
  vlm voice web with word world zero
  `
    .trim()
    .split(/\s+/),
)

/** Where upstream states one of a known set of words, whose newer members are worth naming. @see quoteValue */
export function quoteWord(value: unknown): string {
  return isVocabulary(value) ? JSON.stringify(value) : quoteValue(value)
}

/** A word that upstreams name a mode, a type or a state by, and no secret in the wrong member. */
export function isVocabulary(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > QUOTED_LENGTH) return false
  return (
    (value !== '' && A_WORD.test(value)) ||
    value
      .toLowerCase()
      .split(/[\s_-]+/)
      .every((part) => VOCABULARY.has(part))
  )
}

/** @param value as upstream or a person gave it */
export function quoteValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  const isHarmless = value.length <= QUOTED_LENGTH && (A_WORD.test(value) || LIKE_A_NUMBER.test(value))
  return isHarmless ? JSON.stringify(value) : `a text of ${value.length} characters`
}
