/** IBM watsonx.ai: the foundation models of a region, with limits and the days on which they end, but no prices. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { dateOf, identifyBy, isRecord, limitOf, membersOf, recordsOf, textOf } from '../kit/entry.js'
import type { Members } from '../kit/entry.js'
import { entriesIn } from '../kit/listing.js'
import { belowTotal } from '../kit/paging.js'
import { capabilitiesIn, setOf } from '../kit/words.js'
import { bearer, type NextPage, type Parsed, type Source } from '../kit/source.js'

const identify = identifyBy('model_id')

// The first that a model has says what it is for.
const FUNCTIONS: readonly (readonly [name: string, mode: Mode])[] = [
  ['rerank', 'rerank'],
  ['embedding', 'embedding'],
  ['text_embedding', 'embedding'],
  ['text_chat', 'chat'],
  ['text_generation', 'completion'],
]

const CALLS = { function_calling: 'functionCalling' } as const

/**
 * The list is public. What a model costs is said by a class (`input_tier`), whose price stands in IBM's price list alone.
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#list-foundation-model-specs (read 2026-11)
 */
export const watsonx = {
  slug: 'watsonx',
  name: 'IBM watsonx.ai',
  description: 'The foundation models of watsonx.ai, in one region.',
  homepage: 'https://www.ibm.com/products/watsonx-ai',
  version: 1,
  baseUrl: 'https://us-south.ml.cloud.ibm.com',
  addressVariable: 'WATSONX_URL',
  key: { variables: [], required: false, headers: bearer },
  listings: [
    {
      path: '/ml/v1/foundation_model_specs?version=2025-06-01&limit=200',
      entries: entriesIn('resources'),
      next,
      missing: belowTotal('total_count'),
      identify,
      parse,
      members: {
        keep: `
          model_id label provider source short_description functions{id} task_ids tasks{id} model_limits{max_sequence_length
          max_output_tokens} number_params input_tier output_tier tech_preview tuned_by lifecycle{id start_date}
          supported_languages versions{version available_date}
        `,
        leave: `
          long_description limits training_parameters min_shot_size terms_url data_type architecture_type
          supported_inference_features lifecycle{alternative_model_ids}
        `,
      },
    },
  ],
} satisfies Source

function next(body: unknown): NextPage | null {
  const url = textOf(membersOf(membersOf(body)['next'])['href'])
  return url === null ? null : { url }
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no model_id' }
  const limits = membersOf(entry['model_limits'])
  const ends = recordsOf(entry['lifecycle']).find((state) => state['id'] === 'withdrawn')
  const successors = setOf(ends?.['alternative_model_ids'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['label']) ?? id,
      description: textOf(entry['short_description']),
      ownedBy: textOf(entry['provider']),
      mode: modeOf(id, functionsOf(entry)),
      contextLength: limitOf(limits['max_sequence_length']),
      maxOutputTokens: limitOf(limits['max_output_tokens']),
      capabilities: {
        ...capabilitiesIn(entry['task_ids'], CALLS),
        ...capabilitiesIn(functionsOf(entry), CALLS),
      },
      deprecationDate: dateOf(ends?.['start_date']),
      // What is no list stays as it is, so that cleaning shows it.
      replacedBy: Array.isArray(successors) ? (successors[0] ?? null) : successors,
    },
  }
}

function modeOf(id: string, functions: readonly string[]): Mode | null {
  return FUNCTIONS.find(([name]) => functions.includes(name))?.[1] ?? classifyMode(id)
}

function functionsOf(entry: Members): string[] {
  return recordsOf(entry['functions']).flatMap(({ id }) => textOf(id) ?? [])
}
