/** SambaNova: prices per token, of speech per hour, and limits. */
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/** Its `owned_by` is an e-mail address. @see https://docs.sambanova.ai/docs/en/api-reference (read 2026-11) */
export const sambanova = openrouterLike({
  slug: 'sambanova',
  name: 'SambaNova Cloud',
  description: 'The open models that SambaNova serves.',
  homepage: 'https://cloud.sambanova.ai',
  baseUrl: 'https://api.sambanova.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['SAMBANOVA_API_KEY'], required: true },
  leave: 'sn_metadata',
}) satisfies Source
