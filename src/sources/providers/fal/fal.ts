/** fal: its public list of media models, and with a key their prices. */
import type { Mode } from '../../../core/model/model.js'
import { identifyBy, membersOf, modeIn, textOf } from '../../kit/entry.js'
import { falPrices } from './prices.js'
import { pageToken } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import type { Parsed, Source } from '../../kit/source.js'

const identify = identifyBy('endpoint_id')
const listed = entriesIn('models')

/** @see https://docs.fal.ai/platform-apis (read 2026-11) */
export const fal = {
  slug: 'fal',
  name: 'fal',
  description: 'Image, video and audio models.',
  homepage: 'https://fal.ai',
  version: 1,
  baseUrl: 'https://api.fal.ai',
  key: { variables: ['FAL_KEY'], required: false, headers: (key: string) => ({ authorization: `Key ${key}` }) },
  listings: [
    {
      path: '/v1/models',
      // An inactive model is gone: it counts as missing, not as left out by a rule.
      entries: (body) => listed(body).filter((entry) => statusOf(entry) !== 'inactive'),
      next: pageToken('next_cursor', 'cursor'),
      identify,
      parse,
      members: {
        keep: 'endpoint_id metadata{display_name category description status updated_at}',
        leave: 'openapi',
      },
    },
    falPrices,
  ],
} satisfies Source

const MODES = new Map<string, Mode>([
  ['image', 'image_generation'],
  ['video', 'video_generation'],
  ['speech', 'audio_speech'],
])

// `text-to-image`, `image-to-video`, `speech-to-text`: what goes in, what comes out.
function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null) return { kind: 'rejected', reason: 'the entry has no endpoint_id' }
  if (statusOf(entry) === 'inactive') return { kind: 'filtered', reason: 'it is inactive' }
  const metadata = membersOf(membersOf(entry)['metadata'])
  const [, from, to] =
    /^(text|image|video|audio|speech)-to-(text|image|video|audio|speech)$/.exec(textOf(metadata['category']) ?? '') ??
    []
  return {
    kind: 'model',
    fields: {
      name: textOf(metadata['display_name']) ?? id,
      description: textOf(metadata['description']),
      mode: from === 'speech' && to === 'text' ? 'audio_transcription' : modeIn(MODES, to ?? metadata['category']),
      inputModalities: mediumOf(from),
      outputModalities: mediumOf(to),
    },
  }
}

function mediumOf(word: string | undefined): string[] {
  return word === undefined ? [] : [word === 'speech' ? 'audio' : word]
}

function statusOf(entry: unknown): unknown {
  return membersOf(membersOf(entry)['metadata'])['status']
}
