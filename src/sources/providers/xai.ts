/** xAI: language models with prices as integers, in US cents per 100 million tokens. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import { type Members, capabilitiesOfModalities, limitOf, membersOf } from '../kit/entry.js'
import { aliasesOf, capabilityOfAny, listMedia, mediaOf } from '../kit/words.js'
import { readPrices, type RawPrice } from '../kit/prices.js'
import { entriesIn } from '../kit/listing.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * `/v1/models` beside it has ids only. `search_price` is not read, since xAI states no unit for it.
 * @see https://docs.x.ai/docs/api-reference#list-language-models
 */
export const xai = openaiCompatible({
  slug: 'xai',
  name: 'xAI',
  description: 'The language models that an xAI key may use.',
  homepage: 'https://docs.x.ai/docs/models',
  baseUrl: 'https://api.x.ai',
  path: '/v1/language-models',
  entries: entriesIn('models'),
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['XAI_API_KEY'], required: true },
  members: {
    keep: `
      id created owned_by version fingerprint aliases input_modalities output_modalities max_prompt_length
      capabilities{reasoning_effort default_reasoning_effort} prompt_text_token_price cached_prompt_text_token_price
      completion_text_token_price prompt_image_token_price *token_price_long_context* search_price
    `,
    leave: 'object',
  },
  fields(entry, id) {
    const inputModalities = listMedia(entry['input_modalities'])
    const outputModalities = listMedia(entry['output_modalities'])
    const mode = outputModalities.length > 0 ? classifyModalities(inputModalities, outputModalities) : classifyMode(id)
    const { fields, warnings } = readPrices('usd-per-10000-million', {
      input: entry['prompt_text_token_price'],
      output: entry['completion_text_token_price'],
      cacheRead: entry['cached_prompt_text_token_price'],
      other: [{ kind: 'input_image', unit: 'token', raw: entry['prompt_image_token_price'] }, ...longContext(entry)],
      zeroPair: mode === 'chat' ? 'free' : 'unknown',
    })
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      // No effort to choose does not say that it does not reason.
      ...capabilityOfAny(membersOf(entry['capabilities'])['reasoning_effort'], 'reasoning'),
    }
    const contextLength = limitOf(entry['max_prompt_length'])
    const aliases = aliasesOf(entry['aliases'], id)
    const own = {
      mode,
      contextLength,
      inputModalities: mediaOf(entry['input_modalities']),
      outputModalities: mediaOf(entry['output_modalities']),
      capabilities,
      aliases,
    }
    return { fields: { ...own, ...fields }, warnings }
  },
}) satisfies Source

// `prompt_text_token_price_long_context` and its kin: prices beyond a length of the prompt that the entry states elsewhere.
function longContext(entry: Members): RawPrice[] {
  return Object.entries(entry).flatMap(([member, raw]) => {
    if (!member.includes('long_context') || !member.includes('token_price')) return []
    const kind = member.includes('cached') ? 'cache_read' : member.includes('completion') ? 'output' : 'input'
    return [{ kind: `${kind}_long_context`, unit: 'token', raw }]
  })
}
