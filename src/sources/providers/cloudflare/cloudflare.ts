/** Cloudflare Workers AI: the models that an account can run, with prices per token. */
import { countOf, isUnsaid, membersOf } from '../../kit/entry.js'
import { entriesIn } from '../../kit/listing.js'
import { openrouterLike } from '../../kit/openrouter-like.js'
import type { Listing, NextPage, Source } from '../../kit/source.js'
import { identifyNative, isNative, NATIVE_MEMBERS, parseNative } from './native.js'

const shape = openrouterLike({
  slug: 'cloudflare',
  name: 'Cloudflare Workers AI',
  description: 'The open models that run on Cloudflare’s network.',
  homepage: 'https://developers.cloudflare.com/workers-ai/models',
  baseUrl: null,
  clientPaths: ['/ai/v1'],
  path: '/ai/models/search?format=openrouter&per_page=1000',
  entries: entriesIn('data', 'result.data', 'result'),
  next,
  chat: { path: '/ai/v1/chat/completions' },
  key: { variables: ['CLOUDFLARE_API_TOKEN'], required: true },
  keep: NATIVE_MEMBERS,
})
const [listing] = shape.listings as [Listing]

/**
 * The account is part of the address. An API that does not know `format=openrouter` answers in its own shape, which is read as well.
 * @see https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list (read 2026-11)
 */
export const cloudflare = {
  ...shape,
  listings: [
    {
      ...listing,
      identify: (entry) => (isNative(entry) ? identifyNative(entry) : listing.identify(entry)),
      parse: (entry) => (isNative(entry) ? parseNative(entry) : listing.parse(entry)),
    },
  ],
  addressFrom: { variables: ['CLOUDFLARE_ACCOUNT_ID'], address: addressOf },
} satisfies Source

function addressOf(account: string): string {
  return `https://api.cloudflare.com/client/v4/accounts/${encodeURIComponent(account)}`
}

function next(body: unknown, page: number): NextPage | null {
  const { total_pages: pages } = membersOf(membersOf(body)['result_info'])
  return isUnsaid(pages) || page >= (countOf(pages) ?? 0) ? null : { query: { page: String(page + 1) } }
}
