/** Ollama: the models that an Ollama server has on its disk. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { isRecord, membersOf, textOf } from '../kit/entry.js'
import { listOf } from '../kit/words.js'
import { entriesIn } from '../kit/listing.js'
import { bearer, type Parsed, type Source } from '../kit/source.js'

const LATEST = ':latest'

/**
 * Context and capabilities stand only in `POST /api/show`, a call for each model, which is not made: they stay unknown. A model on the server's
 * own disk costs nothing; what one costs that it passes on to another host is not listed.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11)
 */
export const ollama = {
  slug: 'ollama',
  name: 'Ollama',
  description: 'The models of an Ollama server of one’s own.',
  homepage: 'https://ollama.com',
  version: 1,
  baseUrl: 'http://localhost:11434',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['OLLAMA_API_KEY'], required: false, headers: bearer },
  listings: [
    {
      path: '/api/tags',
      entries: entriesIn('models'),
      identify,
      parse,
      // When it was pulled is nobody's news, and where it is passed on to an internal address.
      members: {
        keep: `
          name model size digest details{parent_model format family families parameter_size quantization_level}
          remote_model
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
  const details = membersOf(entry['details'])
  const families = [...listOf(details['family']), ...listOf(details['families'])]
  const local = textOf(entry['remote_host']) === null && textOf(entry['remote_model']) === null
  const price = local && textOf(details['format']) !== null ? '0' : null
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      // An encoder gives no text.
      mode: families.some((family) => /bert/.test(family)) ? 'embedding' : classifyMode(id),
      inputCostPerToken: price,
      outputCostPerToken: price,
      aliases: id.endsWith(LATEST) && id !== LATEST ? [id.slice(0, -LATEST.length)] : [],
    },
  }
}
