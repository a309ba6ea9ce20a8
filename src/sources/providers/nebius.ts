/** Nebius Token Factory: the verbose list, with prices in USD per token. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import type { Capability } from '../../core/model/model.js'
import { capabilitiesOfModalities, isUnsaid, limitOf, membersOf, textOf } from '../kit/entry.js'
import { capabilitiesIn, listMedia } from '../kit/words.js'
import { imagePrice } from '../kit/image-price.js'
import { readPrices } from '../kit/prices.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

const FEATURES: Readonly<Record<string, Capability>> = {
  tools: 'functionCalling',
  function_calling: 'functionCalling',
  reasoning: 'reasoning',
  structured_outputs: 'structuredOutput',
}

/**
 * `created` is when the list was asked for. The public list at another host states no more, and its host is not that of the API.
 * @see https://docs.tokenfactory.nebius.com/api-reference/examples/list-of-models
 */
export const nebius = openaiCompatible({
  slug: 'nebius',
  name: 'Nebius Token Factory',
  description: 'The models that Nebius Token Factory serves.',
  homepage: 'https://docs.tokenfactory.nebius.com',
  version: 3,
  baseUrl: 'https://api.tokenfactory.nebius.com',
  path: '/v1/models?verbose=true',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['NEBIUS_API_KEY'], required: true },
  volatile: ['created'],
  members: {
    keep: `
      id name owned_by context_length architecture{modality tokenizer} supported_features pricing{prompt
      completion image request}
    `,
    leave: 'object created',
  },
  fields(entry, id) {
    const { modality } = membersOf(entry['architecture'])
    const [input = '', output = ''] = (textOf(modality) ?? '').split('->')
    const inputModalities = listMedia(input.split('+'))
    const outputModalities = listMedia(output.split('+'))
    const pricing = membersOf(entry['pricing'])
    const { fields, warnings } = readPrices('usd-per-token', {
      input: pricing['prompt'],
      output: pricing['completion'],
      other: [
        imagePrice('input_image', pricing['image']),
        { kind: 'request', unit: 'request', raw: pricing['request'] },
      ],
    })
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(entry['supported_features'], FEATURES),
    }
    const name = textOf(entry['name']) ?? undefined
    const mode = outputModalities.length > 0 ? classifyModalities(inputModalities, outputModalities) : classifyMode(id)
    const own = { name, mode, contextLength: limitOf(entry['context_length']), outputModalities }
    // A list does not say which of them go in.
    const taken = typeof modality === 'string' || isUnsaid(modality) ? inputModalities : [modality as string]
    return { fields: { ...own, inputModalities: taken, capabilities, ...fields }, warnings }
  },
}) satisfies Source
