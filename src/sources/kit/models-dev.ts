/** models.dev's api.json: an object of providers, each with its models, which people keep by hand. */
import type { Capability } from '../../core/model/model.js'
import { MalformedAnswerError } from '../../errors.js'
import { flagOf, capabilitiesOf, isRecord, limitOf, membersOf, textOf } from './entry.js'
import { readPrices } from './prices.js'
import type { Listing } from './source.js'
import { listMedia } from './words.js'

const FLAGS = {
  tool_call: 'functionCalling',
  reasoning: 'reasoning',
  structured_output: 'structuredOutput',
} as const satisfies Record<string, Capability>

/** The members of an entry of models.dev's, one for each model of each provider. @see https://models.dev/api.json (read 2026-11) */
export interface ModelsDevEntry {
  /** models.dev's own id: `amazon-bedrock`. */
  provider: string
  /** The provider's id of the model. */
  id: string
  model: Readonly<Record<string, unknown>>
}

/** USD per 1M tokens. The listing's ids are `<provider>/<id>`. */
export const modelsDevListing = {
  path: '/api.json',
  entries(body) {
    if (!isRecord(body) || !Object.values(body).some((provider) => isRecord(membersOf(provider)['models'])))
      throw new MalformedAnswerError('api.json is no object of providers with models')
    return Object.entries(body).flatMap(([provider, stated]) =>
      Object.entries(membersOf(membersOf(stated)['models'])).map(([id, model]): ModelsDevEntry => ({
        provider,
        id,
        model: membersOf(model),
      })),
    )
  },
  identify: (entry) => {
    const { provider, id } = entry as ModelsDevEntry
    return `${provider}/${id}`
  },
  parse(entry) {
    const { id, model } = entry as ModelsDevEntry
    const [cost, limit, modalities] = [
      membersOf(model['cost']),
      membersOf(model['limit']),
      membersOf(model['modalities']),
    ]
    const { fields, warnings } = readPrices('usd-per-million', {
      input: cost['input'],
      output: cost['output'],
      cacheRead: cost['cache_read'],
      cacheWrite: cost['cache_write'],
    })
    const inputModalities = listMedia(modalities['input'])
    const flags = Object.entries(FLAGS).map(([member, capability]) => [capability, flagOf(model[member])])
    const vision = inputModalities.length === 0 ? null : inputModalities.includes('image')
    return {
      kind: 'model',
      fields: {
        name: textOf(model['name']) ?? id,
        contextLength: limitOf(limit['context']),
        maxOutputTokens: limitOf(limit['output']),
        inputModalities,
        outputModalities: listMedia(modalities['output']),
        capabilities: capabilitiesOf({ ...Object.fromEntries(flags), vision }),
        ...fields,
      },
      warnings,
    }
  },
} satisfies Listing
