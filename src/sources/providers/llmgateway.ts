/** LLM Gateway: the models of many vendors, with prices per token. */
import { toDecimal } from '../../core/model/price.js'
import { dateOf, saysYes } from '../kit/entry.js'
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/** It writes 0 for prices of the cache that it does not know. @see https://docs.llmgateway.io/v1_models (read 2026-11) */
export const llmgateway = openrouterLike({
  slug: 'llmgateway',
  name: 'LLM Gateway',
  description: 'One API for the models of many vendors, which one can run oneself.',
  homepage: 'https://llmgateway.io',
  baseUrl: 'https://api.llmgateway.io',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['LLMGATEWAY_API_KEY'], required: false },
  keep: 'family structured_outputs json_output free stability deactivated_at',
  leave: 'aliases providers deprecated_at',
  pricing: (stated) =>
    Object.fromEntries(Object.entries(stated).filter(([kind, raw]) => !/cache/.test(kind) || toDecimal(raw) !== '0')),
  refine: (entry, _id, { capabilities }) => ({
    ...(saysYes(entry['structured_outputs']) ? { capabilities: { ...capabilities, structuredOutput: true } } : {}),
    deprecationDate: dateOf(entry['deactivated_at']),
  }),
}) satisfies Source
