/** What the name of a model says that it is for, where its list has nothing but names: read by hand off the recordings. */

const WORDS: readonly (readonly [mode: string, words: string])[] = [
  ['rerank', 'rerank'],
  ['moderation', 'moderation guard safeguard'],
  ['embedding', 'embed embedding embeddings bge e5 gte minilm mpnet text2vec'],
  ['audio_transcription', 'whisper transcribe voxtral-transcribe'],
  ['audio_speech', 'tts orpheus'],
  ['video_generation', 'sora veo video ray'],
  ['image_generation', 'dall flux stable image imagen sdxl sdxl1 sd3'],
  ['completion', 'davinci babbage'],
]

/** Only the last part of a path is the name. `null`: it says nothing. */
export function namedMode(id: string): string | null {
  const name = id.toLowerCase().split('/').at(-1) ?? ''
  const words = name.split(/[^a-z\d]+/)
  if (name.includes('turbo-instruct')) return 'completion'
  return WORDS.find(([, said]) => said.split(' ').some((word) => words.includes(word)))?.[0] ?? null
}

/** The mode of a text or audio model of OpenAI's, by its documentation of models. */
export function openaiMode(id: string): string | null {
  const named = namedMode(id)
  if (named !== null) return named
  if (id.includes('realtime')) return 'realtime'
  if (/codex|deep-research|computer-use/.test(id) || /^(o1|o3|gpt-5[.\d]*)-pro/.test(id)) return 'responses'
  return /^(gpt|chatgpt|o\d)/.test(id) ? 'chat' : null
}
