/** NEAR AI Cloud: a list in pages, with each price as an integer and its decimal scale. */
import { classifyModalities, classifyMode } from '../../../core/model/guess-mode.js'
import { capabilitiesOfModalities, countOf, dateOf, limitOf } from '../../kit/entry.js'
import { membersOf, saysNo, textOf } from '../../kit/entry.js'
import { aliasesOf, capabilitiesIn, listMedia, mediaOf } from '../../kit/words.js'
import { belowTotal } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import { allModels } from './all-models.js'
import { readNearPrices } from './prices.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Listing, NextPage, Source } from '../../kit/source.js'

const FEATURES = { tools: 'functionCalling', reasoning: 'reasoning', structured_outputs: 'structuredOutput' } as const
const entries = entriesIn('models')

const prices = openaiCompatible({
  slug: 'near',
  name: 'NEAR AI Cloud',
  description: 'The models that NEAR AI serves, most of them in trusted hardware.',
  homepage: 'https://cloud.near.ai',
  version: 2,
  baseUrl: 'https://cloud-api.near.ai',
  path: '/v1/model/list?limit=100',
  id: 'modelId',
  entries,
  next,
  missing: belowTotal('total'),
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['NEAR_API_KEY', 'NEARAI_API_KEY'], required: false },
  withdrawn: (entry) => (saysNo(membersOf(entry['metadata'])['isReady']) ? 'not ready' : null),
  members: {
    keep: `
      modelId inputCostPerToken{amount scale currency} outputCostPerToken{amount scale currency}
      cacheReadCostPerToken{amount scale currency} costPerImage{amount scale currency} metadata{verifiable contextLength
      maxOutputLength modelDisplayName modelDescription ownedBy aliases providerType attestationSupported
      architecture{inputModalities outputModalities} supportedFeatures supportedSamplingParameters quantization isReady
      deprecationDate}
    `,
  },
  fields(entry, id) {
    const said = membersOf(entry['metadata'])
    const inputModalities = listMedia(membersOf(said['architecture'])['inputModalities'])
    const outputModalities = listMedia(membersOf(said['architecture'])['outputModalities'])
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(said['supportedFeatures'], FEATURES),
    }
    const own = {
      name: textOf(said['modelDisplayName']) ?? undefined,
      description: textOf(said['modelDescription']),
      ownedBy: textOf(said['ownedBy']),
      mode: outputModalities.length > 0 ? classifyModalities(inputModalities, outputModalities) : classifyMode(id),
      contextLength: limitOf(said['contextLength']),
      maxOutputTokens: limitOf(said['maxOutputLength']),
      aliases: aliasesOf(said['aliases'], id),
      deprecationDate: dateOf(said['deprecationDate']),
    }
    const { fields, warnings } = readNearPrices(entry)
    return {
      fields: {
        ...own,
        inputModalities: mediaOf(membersOf(said['architecture'])['inputModalities']),
        outputModalities: mediaOf(membersOf(said['architecture'])['outputModalities']),
        capabilities,
        ...fields,
      },
      warnings,
    }
  },
})
const [first] = prices.listings as [Listing]

/** @see https://docs.near.ai (read 2026-11) */
export const near = {
  ...prices,
  listings: [
    { ...first, without: ({ status }) => (status === 404 ? { warning: null, complete: true } : null) },
    allModels({ ...prices, key: { variables: prices.key.variables, required: false } }),
  ],
} satisfies Source

function next(body: unknown): NextPage | null {
  const { offset, total } = membersOf(body)
  const count = entries(body).length
  const end = (countOf(offset) ?? 0) + count
  // An empty page leads nowhere; whether it comes too early, `missing` says.
  return count === 0 || typeof total !== 'number' || end >= total ? null : { query: { offset: String(end) } }
}
