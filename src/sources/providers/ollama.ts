/** Ollama: the models that an Ollama server has on its disk, and what each of them can do. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Capabilities } from '../../core/model/model-fields.js'
import type { Mode } from '../../core/model/model.js'
import { countOf, isRecord, isUnsaid, limitOf, membersOf, textOf, type Members } from '../kit/entry.js'
import { capabilitiesIn, listOf } from '../kit/words.js'
import { entriesIn } from '../kit/listing.js'
import { bearer, type EntryDetails, type Parsed, type Source } from '../kit/source.js'

const LATEST = ':latest'
const SHOWN = 'show'

/** Servers from before 2026-06 tell a model's context and capabilities one by one, and the same for the same digest. */
const details: EntryDetails = {
  path: '/api/show',
  member: SHOWN,
  most: 200,
  otherwise: 'their contexts and capabilities keep their last values',
  ask(entry) {
    const { digest, capabilities, details: stated } = membersOf(entry)
    const id = identify(entry)
    const key = textOf(digest)
    const saysAll = !isUnsaid(capabilities) && !isUnsaid(membersOf(stated)['context_length'])
    return saysAll || id === null || key === null ? null : { key, body: { model: id } }
  },
  pick(answer) {
    const { capabilities, model_info: info } = membersOf(answer)
    const context = Object.entries(membersOf(info)).find(([member]) => /^[^.]+\.context_length$/.test(member))?.[1]
    return { capabilities: Array.isArray(capabilities) ? capabilities : null, context_length: countOf(context) }
  },
}

/**
 * A model on the server's own disk costs nothing; what one costs that it passes on to another host is not listed.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11)
 */
export const ollama = {
  slug: 'ollama',
  name: 'Ollama',
  description: 'The models of an Ollama server of one’s own.',
  homepage: 'https://ollama.com',
  version: 2,
  baseUrl: 'http://localhost:11434',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['OLLAMA_API_KEY'], required: false, headers: bearer },
  listings: [
    {
      path: '/api/tags',
      entries: entriesIn('models'),
      identify,
      parse,
      details,
      // When it was pulled is nobody's news, and where it is passed on to an internal address.
      members: {
        keep: `
          name model size digest details{parent_model format family families parameter_size quantization_level
          context_length embedding_length} capabilities remote_model show{capabilities context_length}
        `,
        leave: 'modified_at remote_host',
      },
      volatile: ['modified_at'],
    },
  ],
} satisfies Source

function identify(entry: unknown): string | null {
  const { model, name } = membersOf(entry)
  return textOf(model) ?? textOf(name)
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no model' }
  const stated = membersOf(entry['details'])
  const shown = membersOf(entry[SHOWN])
  const local = textOf(entry['remote_host']) === null && textOf(entry['remote_model']) === null
  const price = local && textOf(stated['format']) !== null ? '0' : null
  const words = isUnsaid(entry['capabilities']) ? shown['capabilities'] : entry['capabilities']
  const context = isUnsaid(stated['context_length']) ? shown['context_length'] : stated['context_length']
  const isTold = isRecord(entry[SHOWN])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      mode: modeOf(id, stated, listOf(words)),
      // Neither stated nor told: they are not spoken of, and keep their values.
      ...(isUnsaid(context) && !isTold ? {} : { contextLength: limitOf(context) }),
      ...(isUnsaid(words) && !isTold ? {} : abilitiesOf(words)),
      inputCostPerToken: price,
      outputCostPerToken: price,
      aliases: id.endsWith(LATEST) && id !== LATEST ? [id.slice(0, -LATEST.length)] : [],
    },
  }
}

function modeOf(id: string, stated: Members, words: readonly string[]): Mode | null {
  if (words.includes('embedding')) return 'embedding'
  if (words.includes('completion')) return 'chat'
  if (words.includes('image')) return 'image_generation'
  const families = [...listOf(stated['family']), ...listOf(stated['families'])]
  // An encoder gives no text.
  return families.some((family) => /bert/.test(family)) ? 'embedding' : classifyMode(id)
}

const CAPABILITIES = { tools: 'functionCalling', vision: 'vision', thinking: 'reasoning', audio: 'audioInput' } as const

/** Ollama reads them off the model itself: what is not in the list it cannot do. */
function abilitiesOf(words: unknown): {
  capabilities: Capabilities
  inputModalities: string[]
  outputModalities: string[]
} {
  const said = listOf(words)
  const capabilities = capabilitiesIn(words, CAPABILITIES)
  if (said.length === 0) return { capabilities, inputModalities: [], outputModalities: [] }
  const can = (word: string): boolean => said.includes(word)
  const gives = can('completion') ? 'text' : can('image') ? 'image' : null
  const cannot = Object.values(CAPABILITIES).map((capability) => [capability, false])
  return {
    capabilities: { ...(Object.fromEntries(cannot) as Capabilities), ...capabilities },
    inputModalities: ['text', ...(can('vision') ? ['image'] : []), ...(can('audio') ? ['audio'] : [])],
    outputModalities: gives === null ? [] : [gives],
  }
}
