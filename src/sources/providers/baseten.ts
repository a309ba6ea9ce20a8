/** Baseten: its model APIs, with prices per token, limits and features. */
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

const shape = openrouterLike({
  slug: 'baseten',
  name: 'Baseten',
  description: 'The model APIs of Baseten.',
  homepage: 'https://www.baseten.co',
  baseUrl: 'https://inference.baseten.co',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['BASETEN_API_KEY'], required: true },
})

/** @see https://docs.baseten.co/development/model-apis/overview (read 2026-11) */
export const baseten = {
  ...shape,
  key: { ...shape.key, headers: (key: string) => ({ authorization: `Api-Key ${key}` }) },
} satisfies Source
