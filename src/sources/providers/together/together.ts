/** Together AI: a list with prices in USD per million tokens, where 0 often means that there is none, and one of modalities and features beside it. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import { limitOf, membersOf, modeIn, textOf } from '../../kit/entry.js'
import { readPrices } from '../../kit/prices.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import { supportedModels } from './supported-models.js'
import type { Source } from '../../kit/source.js'

const MODES: ReadonlyMap<string, Mode> = new Map([
  ['chat', 'chat'],
  ['language', 'completion'],
  ['code', 'completion'],
  ['image', 'image_generation'],
  ['video', 'video_generation'],
  ['embedding', 'embedding'],
  ['moderation', 'moderation'],
  ['rerank', 'rerank'],
  ['audio', 'audio_speech'],
  ['transcribe', 'audio_transcription'],
])

/**
 * Models on dedicated hardware and images bear 0 for input and output too, so that pair is free only where the name says so (`…-Free`).
 */
const catalogue = openaiCompatible({
  slug: 'together',
  name: 'Together AI',
  description: 'The models that Together AI serves, serverless and dedicated.',
  homepage: 'https://docs.together.ai/docs/serverless-models',
  version: 2,
  baseUrl: 'https://api.together.ai',
  entries: entriesIn('', 'data'),
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['TOGETHER_API_KEY'], required: true },
  volatile: ['running'],
  members: {
    keep: `
      id created type display_name organization link license context_length pricing{hourly input output base finetune
      cached_input}
    `,
    leave: 'object running config',
  },
  fields(entry, id) {
    const pricing = membersOf(entry['pricing'])
    const { fields, warnings } = readPrices('usd-per-million', {
      input: pricing['input'],
      output: pricing['output'],
      cacheRead: pricing['cached_input'],
      other: [
        { kind: 'usage', unit: 'hour', raw: pricing['hourly'] },
        { kind: 'fine_tuning', unit: 'token', raw: pricing['finetune'] },
      ],
      zeroPair: /-free$/i.test(id) ? 'free' : 'unknown',
    })
    const name = textOf(entry['display_name']) ?? undefined
    const mode = modeIn(MODES, entry['type'], classifyMode(id))
    const ownedBy = textOf(entry['organization'])
    return { fields: { name, ownedBy, mode, contextLength: limitOf(entry['context_length']), ...fields }, warnings }
  },
})

/** @see https://docs.together.ai/reference/models-1 (read 2026-11) */
export const together = { ...catalogue, listings: [...catalogue.listings, supportedModels] } satisfies Source
