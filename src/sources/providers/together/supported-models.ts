/** Together's newer list, page by page: what goes in and out of a model, what it can do, and prices that the first list does not have. */
import { capabilitiesOfModalities, isRecord, membersOf, textOf } from '../../kit/entry.js'
import { capabilitiesIn, listMedia, mediaOf } from '../../kit/words.js'
import { readPrices } from '../../kit/prices.js'
import { entriesIn } from '../../kit/listing.js'
import { pageToken } from '../../kit/paging.js'
import type { Listing, Parsed } from '../../kit/source.js'

const FEATURES = {
  FEATURE_TOOL_CALLING: 'functionCalling',
  FEATURE_STRUCTURED_OUTPUT: 'structuredOutput',
  FEATURE_REASONING: 'reasoning',
} as const

/**
 * Only adds to the first list: a model of this one may be for dedicated hardware alone. The context that it states is that of the weights, not the
 * one that is served, and is not read.
 * @see https://docs.together.ai/reference/dmi/supported-models-list (read 2026-11)
 */
export const supportedModels: Listing = {
  path: '/v2/supported-models?limit=100',
  entries: entriesIn('data'),
  next: pageToken('next_cursor', 'after'),
  identify,
  parse,
  members: {
    keep: 'inputModalities outputModalities features products',
    leave: 'name id serverlessEndpoint pricing{input output cachedInput}',
  },
  supplements: true,
  optional: 'modalities and features keep their last state',
  without: ({ status }) => ({
    warning:
      status === 404 ? null : `the list of supported models answered ${status}, so that modalities are not known`,
    complete: true,
  }),
}

/** By the id that is called without hardware of one's own. */
function identify(entry: unknown): string | null {
  const { serverlessEndpoint: endpoint, name, id } = membersOf(entry)
  return textOf(endpoint) ?? textOf(name) ?? textOf(id)
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no name' }
  const [input, output] = [mediaIn(entry['inputModalities']), mediaIn(entry['outputModalities'])]
  const pricing = membersOf(entry['pricing'])
  const { fields, warnings } = readPrices('usd-per-million', {
    input: pricing['input'],
    output: pricing['output'],
    cacheRead: pricing['cachedInput'],
    zeroPair: /-free$/i.test(id) ? 'free' : 'unknown',
  })
  return {
    kind: 'model',
    fields: {
      inputModalities: input,
      outputModalities: output,
      capabilities: {
        ...capabilitiesOfModalities(listMedia(input), listMedia(output)),
        ...capabilitiesIn(entry['features'], FEATURES),
      },
      ...fields,
    },
    warnings,
  }
}

/** `MODALITY_TEXT` is text; what is no list of words is handed on. */
function mediaIn(value: unknown): string[] {
  const words: unknown = mediaOf(value)
  if (!Array.isArray(words)) return words as string[]
  return (words as unknown[]).map((word) =>
    typeof word === 'string' ? word.replace(/^modality_/, '') : word,
  ) as string[]
}
