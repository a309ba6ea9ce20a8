/** One row of Morpheus' list of models, and of a models.json: which model it is, and what it says of it. Pure. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import type { DesiredFields } from '../../../core/model/model-fields.js'
import { identifyBy, isRecord, membersOf, modeIn, saysYes, textOf, timeOf } from '../../kit/entry.js'
import { capabilitiesIn, listOf } from '../../kit/words.js'
import type { Parsed } from '../../kit/source.js'

/** The row's `Id`, verbatim; `null`: it has none. Throws nothing. */
export const identifyRow = identifyBy('Id')

const TYPES = new Map<string, Mode>([
  ['llm', 'chat'],
  ['embedding', 'embedding'],
  ['stt', 'audio_transcription'],
  ['tts', 'audio_speech'],
])
// Older rows have no type, but tags that people chose; the first that says something.
const TAGS: readonly (readonly [RegExp, Mode])[] = [
  [/^(?:s2t|stt|transcribe|transcription|speech-to-text)$/, 'audio_transcription'],
  [/^(?:t2s|tts|text-to-speech)$/, 'audio_speech'],
  [/^embeddings?$/, 'embedding'],
  [/^(?:llm|textgeneration|text2text)$/, 'chat'],
  [/^video$/, 'video_generation'],
  [/^image$/, 'image_generation'],
]

/** Throws nothing. */
export function parseRow(entry: unknown): Parsed {
  const id = identifyRow(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the row has no Id' }
  if (isDeleted(entry)) return { kind: 'filtered', reason: 'it is deleted' }
  const name = nameOf(entry, id)
  const tags = listOf(entry['Tags']).map((tag) => tag.toLowerCase())
  const venice = textOf(membersOf(entry['enrichment'])['veniceId'])
  return {
    kind: 'model',
    fields: {
      name,
      mode: modeOf(name, textOf(entry['ModelType']), tags),
      capabilities: capabilitiesIn(entry['Tags'], { 'web-search-enabled': 'webSearch' }),
      aliases: venice === null || venice === name ? [] : [venice],
      createdAt: timeOf(entry['CreatedAt']),
    },
  }
}

function modeOf(name: string, type: string | null, tags: readonly string[]): Mode | null {
  const tagged = TAGS.find(([pattern]) => tags.some((tag) => pattern.test(tag)))?.[1] ?? classifyMode(name)
  return modeIn(TYPES, type, tagged)
}

/** The row's name, else its id. */
export function nameOf(entry: unknown, id: string): string {
  return textOf(membersOf(entry)['Name']) ?? id
}

/** The registry keeps the row of a model that is gone. */
export function isDeleted(entry: unknown): boolean {
  return isRecord(entry) && saysYes(entry['IsDeleted'])
}

/** The newest row names the model; the names and aliases of the others are its aliases. Of two from one moment the one that is spelled larger. */
export function mergeRows(a: DesiredFields, b: DesiredFields): DesiredFields {
  const [newest, other] = ageOf(a) >= ageOf(b) ? [a, b] : [b, a]
  const names = [...(newest.aliases ?? []), ...(other.aliases ?? []), ...(other.name === undefined ? [] : [other.name])]
  return { ...newest, aliases: [...new Set(names)].filter((name) => name !== newest.name).sort() }
}

function ageOf({ aliases: _aliases, ...fields }: DesiredFields): string {
  return `${fields.createdAt ?? ''} ${JSON.stringify(fields)}`
}
