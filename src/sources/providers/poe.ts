/** Poe: its bots, with prices per token where a bot is paid by tokens. */
import { isRecord, limitOf, membersOf, textOf } from '../kit/entry.js'
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/**
 * `pricing` is `null` where a bot is paid by the message, or holds a `request` whose unit nobody states.
 * @see https://creator.poe.com/docs/external-applications/openai-compatible-api (read 2026-11)
 */
export const poe = openrouterLike({
  slug: 'poe',
  name: 'Poe',
  description: 'The bots of Poe, of many vendors.',
  homepage: 'https://poe.com',
  baseUrl: 'https://api.poe.com',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['POE_API_KEY'], required: false },
  keep: 'context_window context_window{context_length max_output_tokens} supported_endpoints metadata{display_name}',
  leave: 'metadata{image url} parameters',
  pricing: ({ request: _request, ...stated }) => stated,
  refine(entry, id) {
    const owner = textOf(entry['owned_by'])
    const window = entry['context_window']
    const limits = membersOf(window)
    return {
      name: textOf(entry['name']) ?? textOf(membersOf(entry['metadata'])['display_name']) ?? id,
      ownedBy: owner?.toLowerCase() === 'poe' ? null : owner,
      contextLength: limitOf(isRecord(window) ? limits['context_length'] : window),
      maxOutputTokens: limitOf(limits['max_output_tokens']),
    }
  },
}) satisfies Source
