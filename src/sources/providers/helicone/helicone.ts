/** Helicone's AI gateway: its public registry of models, each with the endpoints that serve it. */
import { classifyModalities } from '../../../core/model/guess-mode.js'
import { capabilitiesOfModalities, countOf, limitOf, recordsOf, textOf } from '../../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../../kit/words.js'
import { cheapestPrices } from './prices.js'
import { belowTotal } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import { openaiCompatible } from '../../kit/openai-compatible.js'
import type { Source } from '../../kit/source.js'

const PARAMETERS = {
  tools: 'functionCalling',
  tool_choice: 'toolChoice',
  reasoning: 'reasoning',
  include_reasoning: 'reasoning',
  structured_outputs: 'structuredOutput',
} as const

/** @see https://docs.helicone.ai/rest/models/get-v1public-model-registry-models (read 2026-11) */
export const helicone = openaiCompatible({
  slug: 'helicone',
  name: 'Helicone AI Gateway',
  description: 'One API for the models of many vendors, with observability; in maintenance since March 2026.',
  homepage: 'https://www.helicone.ai',
  baseUrl: 'https://api.helicone.ai',
  path: '/v1/public/model-registry/models',
  entries: entriesIn('data.models'),
  missing: belowTotal('data.total'),
  key: { variables: ['HELICONE_API_KEY'], required: false },
  members: {
    keep: `
      id name author description contextLength maxOutput trainingDate inputModalities outputModalities
      supportedParameters pinnedVersionOfModel endpoints{provider providerSlug supportsPtb pricing{prompt completion
      cacheRead cacheWrite thinking web_search threshold image{input cachedInput output} audio{input cachedInput output}
      video{input cachedInput output} file{input cachedInput output}} pricingTiers{threshold prompt completion cacheRead
      cacheWrite}}
    `,
  },
  fields(entry, id) {
    const inputModalities = listMedia(entry['inputModalities'])
    const outputModalities = listMedia(entry['outputModalities'])
    const endpoints = recordsOf(entry['endpoints'])
    const { fields, warnings } = cheapestPrices(endpoints)
    const own = {
      name: textOf(entry['name']) ?? id,
      description: textOf(entry['description']),
      ownedBy: textOf(entry['author']),
      mode: classifyModalities(inputModalities, outputModalities),
      contextLength: limitOf(entry['contextLength']),
      maxOutputTokens: limitOf(entry['maxOutput']),
      deployments: countOf(endpoints.length),
    }
    const capabilities = {
      ...capabilitiesOfModalities(inputModalities, outputModalities),
      ...capabilitiesIn(entry['supportedParameters'], PARAMETERS),
    }
    return {
      fields: {
        ...own,
        inputModalities: mediaOf(entry['inputModalities']),
        outputModalities: mediaOf(entry['outputModalities']),
        capabilities,
        ...fields,
      },
      warnings,
    }
  },
}) satisfies Source
