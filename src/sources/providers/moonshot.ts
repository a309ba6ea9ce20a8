/** Moonshot AI: context lengths and what a model takes in, but no prices. */
import { capabilitiesOf, flagOf, limitOf, textOf } from '../kit/entry.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * All of Moonshot's models are chat models.
 * @see https://platform.moonshot.ai/docs/api/list-models
 */
export const moonshot = openaiCompatible({
  slug: 'moonshot',
  name: 'Moonshot AI',
  description: 'The Kimi models of Moonshot’s own API.',
  homepage: 'https://platform.moonshot.ai/docs',
  version: 2,
  baseUrl: 'https://api.moonshot.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['MOONSHOT_API_KEY'], required: true },
  volatile: ['permission'],
  members: {
    keep: 'id display_name created owned_by context_length supports_image_in supports_video_in supports_reasoning',
    leave: 'object permission root parent',
  },
  fields(entry) {
    const image = flagOf(entry['supports_image_in'])
    const video = flagOf(entry['supports_video_in'])
    const taken = ['text', ...(image === true ? ['image'] : []), ...(video === true ? ['video'] : [])]
    return {
      name: textOf(entry['display_name']) ?? undefined,
      mode: 'chat',
      contextLength: limitOf(entry['context_length']),
      inputModalities: image === null && video === null ? [] : taken,
      capabilities: capabilitiesOf({ vision: image, reasoning: flagOf(entry['supports_reasoning']) }),
    }
  },
}) satisfies Source
