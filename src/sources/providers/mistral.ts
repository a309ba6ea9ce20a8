/** Mistral: capabilities, aliases and deprecations, but no prices. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import type { Mode } from '../../core/model/model.js'
import { type Members, capabilitiesOf, dateOf, flagOf, limitOf, membersOf, saysYes, textOf } from '../kit/entry.js'
import { aliasesOf } from '../kit/words.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/** @see https://docs.mistral.ai/api/#tag/models */
export const mistral = openaiCompatible({
  slug: 'mistral',
  name: 'Mistral AI',
  description: 'The models of Mistral’s own API, fine-tunes among them.',
  homepage: 'https://docs.mistral.ai/getting-started/models/',
  version: 2,
  baseUrl: 'https://api.mistral.ai',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['MISTRAL_API_KEY'], required: true },
  // The time of the request, not of the model.
  volatile: ['created'],
  withdrawn: (entry) => (saysYes(entry['archived']) ? 'archived' : null),
  members: {
    keep: `
      id owned_by name description max_context_length aliases type archived deprecation deprecation_replacement_model
      default_model_temperature capabilities{completion_chat completion_fim function_calling fine_tuning vision
      reasoning ocr classification moderation audio}
    `,
    leave: 'object created',
  },
  fields(entry, id) {
    const said = membersOf(entry['capabilities'])
    return {
      name: textOf(entry['name']) ?? undefined,
      description: textOf(entry['description']),
      mode: modeOf(id, said),
      contextLength: limitOf(entry['max_context_length']),
      capabilities: capabilitiesOf({
        functionCalling: flagOf(said['function_calling']),
        vision: flagOf(said['vision']),
        reasoning: flagOf(said['reasoning']),
        audioInput: flagOf(said['audio']),
      }),
      ...mediaOf(said),
      aliases: aliasesOf(entry['aliases'], id),
      deprecationDate: dateOf(entry['deprecation']),
      replacedBy: textOf(entry['deprecation_replacement_model']),
    }
  },
}) satisfies Source

/** What goes in and out of a model that chats; of the others nothing says it. */
function mediaOf(said: Members): Pick<DesiredFields, 'inputModalities' | 'outputModalities'> {
  if (!saysYes(said['completion_chat']) || typeof flagOf(said['vision']) !== 'boolean') return {}
  const taken = ['text', ...(saysYes(said['vision']) ? ['image'] : []), ...(saysYes(said['audio']) ? ['audio'] : [])]
  return { inputModalities: taken, outputModalities: ['text'] }
}

// Fill-in-the-middle is how Mistral completes; where no capability tells what a model does, only the name does.
function modeOf(id: string, said: Members): Mode | null {
  const named = classifyMode(id)
  // A reader of documents has been listed as one that chats, too.
  const can = (capability: string): boolean => saysYes(said[capability])
  if (can('ocr') && (!can('completion_chat') || /(?:^|-)ocr(?:-|$)/.test(id))) return 'ocr'
  if (can('completion_chat')) return 'chat'
  if (can('completion_fim')) return 'completion'
  if (can('moderation')) return 'moderation'
  return named ?? (can('audio') ? 'audio_transcription' : null)
}
