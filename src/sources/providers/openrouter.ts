/** OpenRouter: its public list of models, of every output, with prices and tiers. */
import { membersOf, textOf } from '../kit/entry.js'
import { belowTotal } from '../kit/paging.js'
import { entriesIn } from '../kit/listing.js'
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/**
 * Without `output_modalities=all` only models that give text are listed. Variants (`:free`, `:thinking`) and aliases (`~vendor/…-latest`) are
 * models of their own, their ids verbatim.
 * @see https://openrouter.ai/docs/api-reference/list-available-models (read 2026-11)
 */
export const openrouter = openrouterLike({
  slug: 'openrouter',
  name: 'OpenRouter',
  description: 'One API for the models of many vendors, with their prices.',
  homepage: 'https://openrouter.ai',
  version: 4,
  baseUrl: 'https://openrouter.ai',
  path: '/api/v1/models?output_modalities=all',
  entries: entriesIn('data', ''),
  next(body) {
    const url = textOf(membersOf(membersOf(body)['links'])['next'])
    return url === null ? null : { url }
  },
  missing: belowTotal('total_count'),
  volatile: ['benchmarks'],
  chat: { path: '/api/v1/chat/completions' },
  key: { variables: ['OPENROUTER_API_KEY'], required: false },
  isFree: () => true,
}) satisfies Source
