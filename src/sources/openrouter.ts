/** OpenRouter: its public list of models, of every output, with prices and tiers. */
import { classifyModalities } from '../catalog/classify.js'
import { capabilitiesIn, countOf, dateOf, dropping, identifyBy, isRecord } from './entry-reader.js'
import { listOf, membersOf, textOf, timeOf } from './entry-reader.js'
import { belowTotal } from './listing-paging.js'
import { entriesIn } from './listing-shape.js'
import { readOpenrouterPrices } from './openrouter-prices.js'
import { bearer, type Listing, type Parsed, type Source } from './source.js'

const identify = identifyBy('id')

/**
 * Without `output_modalities=all` only models that give text are listed. Variants (`:free`, `:thinking`) and aliases (`~vendor/…-latest`) are
 * models of their own, their ids verbatim. `response_format` is JSON mode, not a schema, so it says nothing of structured output.
 * @see https://openrouter.ai/docs/api-reference/list-available-models (read 2026-11)
 */
export const openrouter = {
  slug: 'openrouter',
  name: 'OpenRouter',
  description: 'One API for the models of many vendors, with their prices.',
  homepage: 'https://openrouter.ai',
  version: 1,
  baseUrl: 'https://openrouter.ai',
  chat: { path: '/api/v1/chat/completions' },
  key: { variables: ['OPENROUTER_API_KEY'], required: false, headers: bearer },
  listings: [
    {
      path: '/api/v1/models?output_modalities=all',
      entries: entriesIn('data', ''),
      next: nextPage,
      missing: belowTotal('total_count'),
      identify,
      parse,
      strip: dropping('benchmarks'),
      volatile: ['benchmarks'],
    },
  ],
} satisfies Source

function nextPage(body: unknown): ReturnType<NonNullable<Listing['next']>> {
  const url = textOf(membersOf(membersOf(body)['links'])['next'])
  return url === null ? null : { url }
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const architecture = membersOf(entry['architecture'])
  const input = listOf(architecture['input_modalities'])
  const output = listOf(architecture['output_modalities'])
  const slug = textOf(entry['canonical_slug'])
  const { fields, warnings } = readOpenrouterPrices(id, entry['pricing'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      description: textOf(entry['description']),
      ownedBy: /^~?([^/]+)\//.exec(id)?.[1] ?? null,
      mode: classifyModalities(input, output),
      contextLength: countOf(entry['context_length']),
      maxOutputTokens: countOf(membersOf(entry['top_provider'])['max_completion_tokens']),
      inputModalities: input,
      outputModalities: output,
      capabilities: {
        ...capabilitiesIn(listOf(entry['supported_parameters']), PARAMETERS),
        ...(input.length === 0 ? {} : { vision: input.includes('image'), pdfInput: input.includes('file') }),
        ...(input.length === 0 ? {} : { audioInput: input.includes('audio') }),
        ...(output.length === 0 ? {} : { audioOutput: output.includes('audio') }),
      },
      ...fields,
      // A variant shares the slug of the model that it is made from, which then names neither.
      aliases: slug === null || slug === id || /^~|:/.test(id) ? [] : [slug],
      createdAt: timeOf(entry['created']),
      deprecationDate: dateOf(entry['expiration_date']),
    },
    warnings,
  }
}

const PARAMETERS = {
  tools: 'functionCalling',
  parallel_tool_calls: 'parallelFunctionCalling',
  tool_choice: 'toolChoice',
  structured_outputs: 'structuredOutput',
  reasoning: 'reasoning',
  include_reasoning: 'reasoning',
} as const
