/** DigitalOcean: the models of its inference, with their lifecycle, and what its public catalogue says of them beyond that. */
import { classifyModalities, classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import {
  capabilitiesOfModalities,
  flagOf,
  capabilitiesOf,
  limitOf,
  membersOf,
  modeIn,
  textOf,
} from '../../kit/entry.js'
import { timeOf } from '../../kit/entry.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import { capabilityOfAny, listMedia, mediaOf } from '../../kit/words.js'
import { catalog } from './catalog.js'
import { linkedPage } from './paging.js'
import type { Source } from '../../kit/source.js'

const TYPES = new Map<string, Mode>([
  ['embedding', 'embedding'],
  ['reranking', 'rerank'],
])

const models = openaiCompatible({
  slug: 'digitalocean',
  name: 'DigitalOcean Gradient',
  description: 'The models of DigitalOcean’s serverless inference.',
  homepage: 'https://www.digitalocean.com/products/gradient',
  baseUrl: 'https://api.digitalocean.com',
  path: '/v2/gen-ai/models?per_page=200',
  entries: entriesIn('models'),
  id: ['id', 'inference_name'],
  next: linkedPage,
  key: { variables: ['DIGITALOCEAN_API_TOKEN', 'DIGITALOCEAN_ACCESS_TOKEN'], required: true },
  withdrawn: (entry) => (lifecycleOf(entry['lifecycle_status']) === 'end_of_life' ? 'its life has ended' : null),
  members: {
    keep: `
      id name type lifecycle_status thinking reasoning_efforts context_window modalities{input output} created_at
      inference_name updated_at provider is_foundational
    `,
    leave: 'uuid url agreement upload_complete parent_uuid version inference_version usecases settings metadata',
  },
  fields(entry, id) {
    const media = membersOf(entry['modalities'])
    const [input, output] = [listMedia(media['input']), listMedia(media['output'])]
    const named = classifyMode(id)
    return {
      name: textOf(entry['name']) ?? undefined,
      ownedBy: ownerOf(entry['provider']),
      mode: modeIn(TYPES, entry['type'], output.length === 0 ? named : (named ?? classifyModalities(input, output))),
      contextLength: limitOf(entry['context_window']),
      inputModalities: mediaOf(media['input']),
      outputModalities: mediaOf(media['output']),
      capabilities: {
        ...capabilitiesOfModalities(input, output),
        ...capabilityOfAny(entry['reasoning_efforts'], 'reasoning'),
        ...capabilitiesOf({ reasoning: flagOf(entry['thinking']) }),
      },
      createdAt: timeOf(entry['created_at']),
    }
  },
})

/** @see https://docs.digitalocean.com/reference/api/reference/gradientai-platform (read 2026-11) */
export const digitalocean = { ...models, listings: [...models.listings, catalog] } satisfies Source

/** `MODEL_PROVIDER_ANTHROPIC`. */
function ownerOf(value: unknown): string | null {
  return (
    textOf(value)
      ?.replace(/^MODEL_PROVIDER_/, '')
      .toLowerCase() ?? null
  )
}

/** `END-OF-LIFE`, `MODEL_LIFECYCLE_STATUS_END_OF_LIFE`. */
function lifecycleOf(value: unknown): string | null {
  const word = textOf(value)?.toLowerCase().replaceAll('-', '_') ?? null
  return word?.endsWith('end_of_life') === true ? 'end_of_life' : word
}
