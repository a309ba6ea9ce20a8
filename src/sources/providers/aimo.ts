/** AIMO: a market of models, each with the providers that serve it. */
import { classifyModalities } from '../../core/model/guess-mode.js'
import { countOf, identifyBy, isRecord, limitOf, membersOf, textOf, timeOf } from '../kit/entry.js'
import { listMedia, mediaOf } from '../kit/words.js'
import { entriesIn } from '../kit/listing.js'
import { bearer, type Parsed, type Source } from '../kit/source.js'

const identify = identifyBy('name')

/**
 * A model is called as `<provider>:<name>`, so these are its aliases. The unit of its prices is confirmed nowhere: they are not read.
 * @see https://aimo.network (no public reference of the API; as its clients read it, 2026-11)
 */
export const aimo = {
  slug: 'aimo',
  name: 'AIMO Network',
  description: 'A market of models and agents.',
  homepage: 'https://aimo.network',
  version: 1,
  baseUrl: 'https://beta.aimo.network',
  key: { variables: ['AIMO_API_KEY'], required: true, headers: bearer },
  listings: [
    {
      path: '/api/v1/models',
      entries: entriesIn('data'),
      identify,
      parse,
      members: {
        keep: `
          name display_name context_length created architecture{input_modalities output_modalities} providers{id name
          pricing{prompt completion}}
        `,
      },
    },
  ],
} satisfies Source

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no name' }
  const architecture = membersOf(entry['architecture'])
  const input = listMedia(architecture['input_modalities'])
  const output = listMedia(architecture['output_modalities'])
  const providers: unknown[] = Array.isArray(entry['providers']) ? entry['providers'] : []
  const callers = providers.flatMap((provider) => textOf(membersOf(provider)['id']) ?? [])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['display_name']) ?? id,
      mode: classifyModalities(input, output),
      contextLength: limitOf(entry['context_length']),
      inputModalities: mediaOf(architecture['input_modalities']),
      outputModalities: mediaOf(architecture['output_modalities']),
      capabilities: input.length === 0 ? {} : { vision: input.includes('image') },
      deployments: countOf(callers.length),
      aliases: callers.map((provider) => `${provider}:${id}`),
      createdAt: timeOf(entry['created']),
    },
  }
}
