/** Cloudflare Workers AI: the models that an account can run, with prices per token. */
import { countOf, isUnsaid, membersOf } from '../kit/entry.js'
import { entriesIn } from '../kit/listing.js'
import { openrouterLike } from '../kit/openrouter-like.js'
import type { NextPage, Source } from '../kit/source.js'

/**
 * The account is part of the address. Without `format=openrouter` the list has another shape, with prices in prose.
 * @see https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list (read 2026-11)
 */
export const cloudflare = {
  ...openrouterLike({
    slug: 'cloudflare',
    name: 'Cloudflare Workers AI',
    description: 'The open models that run on Cloudflare’s network.',
    homepage: 'https://developers.cloudflare.com/workers-ai/models',
    baseUrl: null,
    path: '/ai/models/search?format=openrouter&per_page=1000',
    entries: entriesIn('data', 'result.data', 'result'),
    next,
    chat: { path: '/ai/v1/chat/completions' },
    key: { variables: ['CLOUDFLARE_API_TOKEN'], required: true },
    // `success: false` comes with the reason in `errors`.
    id: ['id', 'name'],
  }),
  addressFrom: { variables: ['CLOUDFLARE_ACCOUNT_ID'], address: addressOf },
} satisfies Source

function addressOf(account: string): string {
  return `https://api.cloudflare.com/client/v4/accounts/${encodeURIComponent(account)}`
}

function next(body: unknown, page: number): NextPage | null {
  const { total_pages: pages } = membersOf(membersOf(body)['result_info'])
  return isUnsaid(pages) || page >= (countOf(pages) ?? 0) ? null : { query: { page: String(page + 1) } }
}
