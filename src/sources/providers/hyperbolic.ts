/** Hyperbolic: what each of its models takes, and context lengths, but no prices. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { capabilitiesOf, flagOf, limitOf, textOf } from '../kit/entry.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/** `created` is the time of the request. `owned_by` names the host. @see https://docs.hyperbolic.xyz (read 2026-11) */
export const hyperbolic = openaiCompatible({
  slug: 'hyperbolic',
  name: 'Hyperbolic',
  description: 'The open models that Hyperbolic serves.',
  homepage: 'https://hyperbolic.ai',
  baseUrl: 'https://api.hyperbolic.xyz',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['HYPERBOLIC_API_KEY'], required: true },
  volatile: ['created', 'number_of_inference_nodes'],
  members: {
    keep: 'id name description context_length supports_chat supports_image_input supports_tools',
    leave: 'object owned_by created number_of_inference_nodes',
  },
  fields(entry, id) {
    const mode = modeOf(id, flagOf(entry['supports_chat']))
    return {
      name: textOf(entry['name']) ?? undefined,
      description: textOf(entry['description']),
      ownedBy: /^([^/]+)\//.exec(id)?.[1] ?? null,
      mode,
      contextLength: limitOf(entry['context_length']),
      // A picture that goes into a painter is not looked at.
      capabilities:
        mode === 'chat'
          ? capabilitiesOf({
              vision: flagOf(entry['supports_image_input']),
              functionCalling: flagOf(entry['supports_tools']),
            })
          : {},
    }
  },
}) satisfies Source

/** What does not chat, and is no other kind by its name, is a base model. */
function modeOf(id: string, chats: boolean | null): Mode | null {
  if (chats === true) return 'chat'
  return classifyMode(id) ?? (chats === false ? 'completion' : null)
}
