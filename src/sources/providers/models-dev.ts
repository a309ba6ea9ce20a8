/** models.dev: what its community knows of each provider's models, with prices in USD per million tokens. */
import { classifyModalities, classifyMode } from '../../core/model/guess-mode.js'
import { failure } from '../../errors.js'
import {
  capabilitiesOf,
  capabilitiesOfModalities,
  flagOf,
  isRecord,
  limitOf,
  membersOf,
  recordsOf,
} from '../kit/entry.js'
import { textOf, timeOf, type Members } from '../kit/entry.js'
import { shapeOf } from '../kit/listing.js'
import { tierPrices } from '../kit/price-tiers.js'
import { readPrices } from '../kit/prices.js'
import { listMedia } from '../kit/words.js'
import { bearer, type Parsed, type Source } from '../kit/source.js'

const COST = 'input output reasoning cache_read cache_write input_audio output_audio'
const DAY = /^\d{4}-\d\d-\d\d$/

/** One object with all providers, each with an object of its models. Only asked by name: it lists what one cannot call here. @see https://models.dev (read 2026-11) */
export const modelsDev = {
  slug: 'models-dev',
  name: 'models.dev',
  description: 'An open database of the models of many providers.',
  homepage: 'https://models.dev',
  version: 1,
  baseUrl: 'https://models.dev',
  onlyByName: true,
  key: { variables: [], required: false, headers: bearer },
  listings: [
    {
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
        leave: 'interleaved reasoning_options experimental provider{npm api} description',
      },
    },
  ],
} satisfies Source

/** @throws MalformedAnswerError for anything but an object of providers */
function entriesOf(body: unknown): readonly unknown[] {
  const providers = isRecord(body) ? Object.entries(body) : []
  if (providers.length === 0 || !providers.some(([, provider]) => isRecord(membersOf(provider)['models'])))
    throw failure({
      code: 'malformed-answer',
      facts: { found: 'shape', expected: { list: ['<provider>.models'], got: shapeOf(body) } },
    })
  return providers.flatMap(([slug, provider]) =>
    Object.entries(membersOf(membersOf(provider)['models'])).map(([id, model]) => ({
      ...membersOf(model),
      id,
      provider: slug,
    })),
  )
}

/** `anthropic/claude-opus-4-6`: the provider's name there, and the model's id at that provider. */
function identify(entry: unknown): string | null {
  const { id, provider } = membersOf(entry)
  return typeof id === 'string' && id !== '' && typeof provider === 'string' ? `${provider}/${id}` : null
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const [limit, media] = [membersOf(entry['limit']), membersOf(entry['modalities'])]
  const [input, output] = [listMedia(media['input']).map(fileOf), listMedia(media['output']).map(fileOf)]
  const { fields, warnings } = pricesOf(membersOf(entry['cost']))
  const named = classifyMode(id)
  const isNamed = output.length === 0 || named === 'embedding' || named === 'rerank'
  const released = textOf(entry['release_date'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      ownedBy: textOf(entry['provider']),
      mode: isNamed ? named : classifyModalities(input, output),
      contextLength: limitOf(limit['context']),
      maxOutputTokens: limitOf(limit['output']),
      inputModalities: input,
      outputModalities: output,
      capabilities: {
        ...capabilitiesOfModalities(input, output),
        ...(input.length === 0 ? {} : { pdfInput: input.includes('file') }),
        ...capabilitiesOf({
          functionCalling: flagOf(entry['tool_call']),
          reasoning: flagOf(entry['reasoning']),
          structuredOutput: flagOf(entry['structured_output']),
        }),
      },
      ...fields,
      // A month alone is no day.
      createdAt: released !== null && DAY.test(released) ? timeOf(released) : null,
    },
    ...(warnings.length === 0 ? {} : { warnings }),
  }
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
