/** xAI: its lists of language, image and video models, and the context lengths that only its list of all models has. */
import { classifyModalities, classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import type { DesiredFields } from '../../../core/model/model-fields.js'
import { capabilitiesOfModalities, firstSaid, identifyBy, limitOf, membersOf, type Members } from '../../kit/entry.js'
import { aliasesOf, capabilityOfAny, listMedia, mediaOf } from '../../kit/words.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import { readXaiPrices } from './prices.js'
import type { Listing, Source } from '../../kit/source.js'

const MEMBERS = {
  keep: `
    id created owned_by version fingerprint aliases input_modalities output_modalities max_prompt_length context_length
    capabilities{reasoning_effort default_reasoning_effort} prompt_text_token_price cached_prompt_text_token_price
    completion_text_token_price prompt_image_token_price generated_image_token_price image_price
    video_price_per_second prompt_text_token_price_long_context completion_text_token_price_long_context
    cached_prompt_text_token_price_long_context prompt_image_token_price_long_context long_context_threshold search_price
  `,
  leave: 'object',
}

const language = openaiCompatible({
  slug: 'xai',
  name: 'xAI',
  description: 'The language, image and video models that an xAI key may use.',
  homepage: 'https://docs.x.ai/docs/models',
  version: 2,
  baseUrl: 'https://api.x.ai',
  path: '/v1/language-models',
  entries: entriesIn('models', 'data'),
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['XAI_API_KEY'], required: true },
  members: MEMBERS,
  fields: (entry, id) => read(entry, id, null),
})
const [languageModels] = language.listings as [Listing]

/** The models of one medium, which the list of language models does not have. Hosts without it have none. */
function mediaListing(path: string, mode: Mode): Listing {
  return {
    ...openaiCompatible({
      ...language,
      path,
      entries: entriesIn('models', 'data'),
      members: MEMBERS,
      fields: (entry, id) => read(entry, id, mode),
    }).listings[0]!,
    without: ({ status }) => (status === 404 || status === 403 ? { warning: null, complete: true } : null),
  }
}

const identify = identifyBy('id')

/** All models, of which nothing is read but the context: the other lists know better what a model is and costs. */
const contexts: Listing = {
  path: '/v1/models',
  entries: entriesIn('data', 'models'),
  identify,
  parse: (entry) =>
    identify(entry) === null
      ? { kind: 'rejected', reason: 'the entry has no id' }
      : { kind: 'model', fields: { contextLength: limitOf(membersOf(entry)['context_length']) } },
  members: { keep: 'context_length', leave: `object ${MEMBERS.keep}` },
  supplements: true,
  optional: 'the context lengths of models keep their last values',
  without: ({ status }) => ({
    warning: status === 404 ? null : `the list of all models answered ${status}, so that context lengths are not known`,
    complete: true,
  }),
}

/** @see https://docs.x.ai/docs/api-reference#list-language-models (read 2026-11) */
export const xai = {
  ...language,
  listings: [
    languageModels,
    mediaListing('/v1/image-generation-models', 'image_generation'),
    mediaListing('/v1/video-generation-models', 'video_generation'),
    contexts,
  ],
} satisfies Source

function read(entry: Members, id: string, listed: Mode | null): { fields: DesiredFields; warnings: string[] } {
  const inputModalities = listMedia(entry['input_modalities'])
  const outputModalities = listMedia(entry['output_modalities'])
  const told = outputModalities.length > 0 ? classifyModalities(inputModalities, outputModalities) : classifyMode(id)
  const mode = listed ?? told
  const { fields, warnings } = readXaiPrices(entry, mode)
  // Those of pictures are characters.
  const contextLength = mode === 'chat' ? limitOf(firstSaid(entry['context_length'], entry['max_prompt_length'])) : null
  const own = {
    mode,
    ...(contextLength === null ? {} : { contextLength }),
    inputModalities: mediaOf(entry['input_modalities']),
    outputModalities: mediaOf(entry['output_modalities']),
    capabilities: {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      // No effort to choose does not say that it does not reason.
      ...capabilityOfAny(membersOf(entry['capabilities'])['reasoning_effort'], 'reasoning'),
    },
    aliases: aliasesOf(entry['aliases'], id),
  }
  return { fields: { ...own, ...fields }, warnings }
}
