/** Alibaba Cloud Model Studio: its native list of models, whose prices state their unit, but not their currency. */
import { classifyModalities, classifyMode } from '../../../core/model/guess-mode.js'
import { failure } from '../../../errors.js'
import { currencyAt, readAlibabaPrices } from './prices.js'
import { countOf, dateOf, identifyBy, isRecord, limitOf, membersOf, textOf, timeOf } from '../../kit/entry.js'
import { aliasesOf, capabilitiesIn, listMedia, listOf, mediaOf } from '../../kit/words.js'
import { belowTotal } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import { bearer, type Listing, type Parsed, type Source } from '../../kit/source.js'

const PAGE_SIZE = 100
const identify = identifyBy('model')

/**
 * Model Studio in Singapore; another region by its address. The currency is that of the region: another source for each, which differ in
 * nothing but their version and the currency.
 * @see https://www.alibabacloud.com/help/en/model-studio/list-models (read 2026-11)
 */
export const alibaba: Source = inCurrency('USD')

function inCurrency(currency: 'USD' | 'CNY' | null): Source {
  return {
    slug: 'alibaba',
    name: 'Alibaba Cloud Model Studio',
    description: 'Qwen and other models of Alibaba Cloud.',
    homepage: 'https://www.alibabacloud.com/en/product/modelstudio',
    version: 9 + ['USD', 'CNY', null].indexOf(currency),
    baseUrl: 'https://dashscope-intl.aliyuncs.com',
    chat: { path: '/compatible-mode/v1/chat/completions' },
    key: { variables: ['DASHSCOPE_API_KEY'], required: true, headers: bearer },
    listings: [
      {
        // Units are words, so their language is asked for.
        path: `/api/v1/models?language=en-US&page_no=1&page_size=${PAGE_SIZE}`,
        entries: entriesIn('output.models'),
        next: nextPage,
        missing: belowTotal('output.total'),
        identify,
        parse: (entry) => parse(entry, currency),
        members: {
          keep: `
            model name description provider inference_provider capabilities features published_time offline_time
            equivalent_snapshot
            inference_metadata{request_modality response_modality} model_info{context_window max_input_tokens
            max_output_tokens max_reasoning_tokens} prices{range_name prices{type price price_unit time_band}}
          `,
        },
      },
    ],
    at: (address) => (currencyAt(address) === currency ? alibaba : inCurrency(currencyAt(address))),
  }
}

/** @throws MalformedAnswerError when another page came than was asked for */
function nextPage(body: unknown, page: number): ReturnType<NonNullable<Listing['next']>> {
  const { total, page_no: found, models } = membersOf(membersOf(body)['output'])
  if (typeof found === 'number' && found !== page)
    throw failure({ code: 'malformed-answer', facts: { found: 'shape', expected: { page, got: found } } })
  const more = Array.isArray(models) && models.length > 0 && page * PAGE_SIZE < (countOf(total) ?? 0)
  return more ? { query: { page_no: String(page + 1) } } : null
}

const CAPABILITIES = { Reasoning: 'reasoning', VU: 'vision' } as const
const FEATURES = {
  'function-calling': 'functionCalling',
  'structured-outputs': 'structuredOutput',
  'web-search': 'webSearch',
  cache: 'promptCaching',
} as const

function parse(entry: unknown, currency: string | null): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no model' }
  const info = membersOf(entry['model_info'])
  const media = membersOf(entry['inference_metadata'])
  const input = listMedia(media['request_modality'])
  const output = listMedia(media['response_modality'])
  const codes = entry['capabilities']
  const { fields, warnings } = readAlibabaPrices(entry['prices'], currency)
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['name']) ?? id,
      description: textOf(entry['description']),
      ownedBy: textOf(entry['provider']),
      mode: classifyModalities(input, output) ?? (listOf(codes).includes('TG') ? 'chat' : classifyMode(id)),
      contextLength: limitOf(info['context_window']),
      maxOutputTokens: limitOf(info['max_output_tokens']),
      inputModalities: mediaOf(media['request_modality']),
      outputModalities: mediaOf(media['response_modality']),
      capabilities: { ...capabilitiesIn(codes, CAPABILITIES), ...capabilitiesIn(entry['features'], FEATURES) },
      ...fields,
      createdAt: timeOf(entry['published_time']),
      deprecationDate: dateOf(entry['offline_time']),
      // The dated model that this name stands for today.
      aliases: aliasesOf(entry['equivalent_snapshot'], id),
    },
    warnings,
  }
}
