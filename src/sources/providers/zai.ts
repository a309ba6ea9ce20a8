/** Z.ai: ids only. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/** @see https://docs.z.ai/guides/overview/quick-start */
export const zai = openaiCompatible({
  slug: 'zai',
  name: 'Z.ai',
  description: 'The GLM models of Z.ai’s own API.',
  homepage: 'https://docs.z.ai',
  baseUrl: 'https://api.z.ai',
  clientPaths: ['/api/coding/paas/v4'],
  path: '/api/paas/v4/models',
  chat: { path: '/api/paas/v4/chat/completions' },
  key: { variables: ['ZAI_API_KEY', 'Z_AI_API_KEY'], required: true },
  mode: (id) => classifyMode(id) ?? (/^glm-\d/.test(id) ? 'chat' : null),
}) satisfies Source
