/** models.dev's api.json: an object of providers, each with its models, which people keep by hand. A source of its own, and a price book. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import { failure } from '../../errors.js'
import { capabilitiesOf, capabilitiesOfModalities, flagOf, isRecord, limitOf, membersOf, recordsOf } from './entry.js'
import { textOf, timeOf, type Members } from './entry.js'
import { shapeOf } from './listing.js'
import { tierPrices } from './price-tiers.js'
import { readPrices } from './prices.js'
import type { Listing, Parsed } from './source.js'
import { listMedia, mediaOf } from './words.js'

const COST = 'input output reasoning cache_read cache_write input_audio output_audio'
const DAY = /^\d{4}-\d\d-\d\d$/

/** The members of an entry of models.dev's, one for each model of each provider. @see https://models.dev/api.json (read 2026-11) */
export interface ModelsDevEntry {
  /** models.dev's own id: `amazon-bedrock`. */
  provider: string
  /** The provider's id of the model. */
  id: string
}

/** USD per 1M tokens. The listing's ids are `<provider>/<id>`: `anthropic/claude-opus-4-6`. */
export const modelsDevListing = {
  path: '/api.json',
  entries: entriesOf,
  identify,
  parse,
  members: {
    keep: `
      provider id name family attachment reasoning tool_call structured_output temperature knowledge release_date
      last_updated open_weights status modalities{input output} limit{context input output} cost{${COST}
      context_over_200k{${COST}} tiers{${COST} tier{type size}}}
    `,
    leave: 'description interleaved reasoning_options experimental headers body',
  },
} satisfies Listing

/** @throws MalformedAnswerError for anything but an object of providers */
function entriesOf(body: unknown): readonly ModelsDevEntry[] {
  if (!isRecord(body) || !Object.values(body).some((provider) => isRecord(membersOf(provider)['models'])))
    throw failure({
      code: 'malformed-answer',
      facts: { found: 'shape', expected: { list: ['<provider>.models'], got: shapeOf(body) } },
    })
  return Object.entries(body).flatMap(([provider, stated]) =>
    Object.entries(membersOf(membersOf(stated)['models'])).map(([id, model]) => ({
      ...membersOf(model),
      provider,
      id,
    })),
  )
}

function identify(entry: unknown): string | null {
  const { id, provider } = membersOf(entry)
  return typeof id === 'string' && id !== '' && typeof provider === 'string' ? `${provider}/${id}` : null
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null) return { kind: 'rejected', reason: 'the entry has no id' }
  const model = membersOf(entry)
  const [limit, media] = [membersOf(model['limit']), membersOf(model['modalities'])]
  const [input, output] = [listMedia(media['input']).map(fileOf), listMedia(media['output']).map(fileOf)]
  const { fields, warnings } = pricesOf(membersOf(model['cost']))
  const named = classifyMode(id)
  const isNamed = output.length === 0 || named === 'embedding' || named === 'rerank'
  const released = textOf(model['release_date'])
  return {
    kind: 'model',
    fields: {
      name: textOf(model['name']) ?? id,
      ownedBy: textOf(model['provider']),
      mode: isNamed ? named : classifyModalities(input, output),
      contextLength: limitOf(limit['context']),
      maxOutputTokens: limitOf(limit['output']),
      inputModalities: filesIn(mediaOf(media['input'])),
      outputModalities: filesIn(mediaOf(media['output'])),
      capabilities: {
        ...capabilitiesOfModalities(input, output),
        ...(input.length === 0 ? {} : { pdfInput: input.includes('file') }),
        ...capabilitiesOf({
          functionCalling: flagOf(model['tool_call']),
          reasoning: flagOf(model['reasoning']),
          structuredOutput: flagOf(model['structured_output']),
        }),
      },
      ...fields,
      // A month alone is no day.
      createdAt: released !== null && DAY.test(released) ? timeOf(released) : null,
    },
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

// What is no list stays as it is, so that cleaning shows it.
function filesIn(media: string[]): string[] {
  return Array.isArray(media) ? media.map(fileOf) : media
}

function fileOf(medium: string): string {
  return medium === 'pdf' ? 'file' : medium
}

function pricesOf(cost: Members): ReturnType<typeof readPrices> {
  const tiers = recordsOf(cost['tiers']).map((tier) => [membersOf(tier['tier'])['size'], tier] as const)
  const old =
    tiers.length === 0 && isRecord(cost['context_over_200k']) ? [[200_000, cost['context_over_200k']] as const] : []
  return readPrices('usd-per-million', {
    ...{ input: cost['input'], output: cost['output'] },
    ...{ cacheRead: cost['cache_read'], cacheWrite: cost['cache_write'] },
    other: [
      { kind: 'output_reasoning', unit: 'token', raw: cost['reasoning'] },
      { kind: 'input_audio', unit: 'token', raw: cost['input_audio'] },
      { kind: 'output_audio', unit: 'token', raw: cost['output_audio'] },
      ...[...tiers, ...old].flatMap(([from, tier]) =>
        tierPrices(from, null, {
          ...{ input: tier['input'], output: tier['output'] },
          ...{ cache_read: tier['cache_read'], cache_write: tier['cache_write'] },
        }),
      ),
    ],
  })
}
