/** Featherless: tens of thousands of open models and fine-tunes, those that are up, page by page. */
import { classifyMode } from '../catalog/classify.js'
import { readPrices } from './entry-prices.js'
import { capabilitiesOf, countOf, dropping, flagOf, identifyBy, isRecord } from './entry-reader.js'
import { membersOf, textOf, timeOf, type Members } from './entry-reader.js'
import { belowTotal } from './listing-paging.js'
import { entriesIn } from './listing-shape.js'
import { bearer, type Listing, type Parsed, type Source } from './source.js'

const identify = identifyBy('id')
const entries = entriesIn('data')
const belowCount = belowTotal('pagination.total_items', 'total')

/**
 * Without paging parameters the answer is silently cut. Far behind (some 22,000 entries) pages come back empty although upstream counts more;
 * such a listing is incomplete. Only models that are up (`status=active`) are asked for.
 * @see https://featherless.ai/docs/api-reference (read 2026-11)
 */
export const featherless = {
  slug: 'featherless',
  name: 'Featherless',
  description: 'Serverless inference of open models and their fine-tunes.',
  homepage: 'https://featherless.ai',
  version: 1,
  baseUrl: 'https://api.featherless.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['FEATHERLESS_API_KEY'], required: false, headers: bearer },
  listings: [
    {
      path: '/v1/models?status=active&page=1&per_page=1000',
      entries,
      next: nextPage,
      missing: missingOf,
      identify,
      parse,
      strip: dropping('health'),
      volatile: ['health'],
    },
  ],
} satisfies Source

function nextPage(body: unknown, page: number): ReturnType<NonNullable<Listing['next']>> {
  const { data, pagination } = membersOf(body)
  const pages = countOf(membersOf(pagination)['total_pages']) ?? 0
  return page < pages && Array.isArray(data) && data.length > 0 ? { query: { page: String(page + 1) } } : null
}

function missingOf(body: unknown, given: number): string | null {
  const { pagination, total } = membersOf(body)
  if (!isRecord(pagination) && typeof total !== 'number')
    return 'it does not count its models, as only a part of them does'
  return belowCount(body, given)
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const status = textOf(entry['status'])
  if (status !== null && status !== 'active')
    return { kind: 'filtered', reason: `its status is ${status.slice(0, 40)}` }
  const features = membersOf(entry['features'])
  const { fields, warnings } = pricesOf(membersOf(entry['pricing']))
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      ownedBy: textOf(entry['owned_by']),
      mode: classifyMode(id),
      contextLength: countOf(entry['effective_context_length']) ?? countOf(entry['context_length']),
      maxOutputTokens: countOf(entry['effective_max_completion_tokens']) ?? countOf(entry['max_completion_tokens']),
      capabilities: capabilitiesOf({
        functionCalling: flagOf(features['tool_use']),
        vision: flagOf(features['image_input']),
      }),
      ...fields,
      createdAt: timeOf(entry['created']),
    },
    warnings,
  }
}

// Both spellings state the same price; the strings are per token, the numbers per million.
function pricesOf(pricing: Members): ReturnType<typeof readPrices> {
  const { prompt, completion } = pricing
  return (prompt ?? completion ?? null) !== null
    ? readPrices('usd-per-token', { input: prompt, output: completion })
    : readPrices('usd-per-million', { input: pricing['input'], output: pricing['output'] })
}
