/** Kilo: its gateway's list, in OpenRouter's shape. */
import { membersOf } from '../kit/entry.js'
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/** A route that is not served any more stays in the list, without parameters and with prices below 0. @see https://kilo.ai/docs/gateway (read 2026-11) */
export const kilo = openrouterLike({
  slug: 'kilo',
  name: 'Kilo Gateway',
  description: 'One API for the models of many vendors, by Kilo.',
  homepage: 'https://kilo.ai',
  baseUrl: 'https://api.kilo.ai',
  path: '/api/gateway/models',
  chat: { path: '/api/gateway/chat/completions' },
  key: { variables: ['KILO_API_KEY'], required: false },
  leave: 'opencode preferredIndex isFree',
  isFree: () => true,
  withdrawn(entry) {
    const parameters = entry['supported_parameters']
    const { prompt } = membersOf(entry['pricing'])
    const isPriced = !(typeof prompt === 'string' && prompt.startsWith('-')) && prompt !== -1
    return Array.isArray(parameters) && parameters.length === 0 && !isPriced ? 'a route without prices' : null
  },
}) satisfies Source
