/** What the catalogue must say of the models of models.yaml, written by hand from the config and from LiteLLM's price map of the pinned version. */
import { CAPABILITIES, type Capability } from '../../../src/core/model/model.js'
import type { ModelFields } from '../../../src/core/model/model-fields.js'

type Answer = Omit<ModelFields, 'capabilities'> & { capabilities: Record<Capability, boolean | null> }
type Said = Partial<Omit<ModelFields, 'capabilities' | 'otherPrices' | 'name'>> & {
  can?: Capability[]
  cannot?: Capability[]
  /** `kind/unit: USD`. */
  other?: Record<string, string>
}

/** All fields of one model: what is not said is unknown, never 0 or false. */
function model(name: string, said: Said): Answer {
  const { can = [], cannot = [], other = {}, ...fields } = said
  return {
    name,
    description: null,
    ownedBy: null,
    // Where the proxy states none.
    mode: 'chat',
    contextLength: null,
    maxOutputTokens: null,
    inputModalities: [],
    outputModalities: [],
    inputCostPerToken: null,
    outputCostPerToken: null,
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
    priceWindows: [],
    deployments: 1,
    rpm: null,
    tpm: null,
    restricted: null,
    teams: [],
    accessGroups: [],
    aliases: [],
    createdAt: null,
    deprecationDate: null,
    replacedBy: null,
    ...fields,
    capabilities: Object.fromEntries(
      CAPABILITIES.map((name) => [name, can.includes(name) ? true : cannot.includes(name) ? false : null]),
    ) as Answer['capabilities'],
    otherPrices: Object.entries(other).map(([key, price]) => {
      const [kind = '', unit = ''] = key.split('/')
      return { kind, unit, currency: 'USD', price }
    }),
  }
}

const TEXT: Said = { inputModalities: ['text'], outputModalities: ['text'] }

const GPT_4O_CAN: Capability[] = [
  'systemMessages',
  'structuredOutput',
  'vision',
  'functionCalling',
  'parallelFunctionCalling',
  'toolChoice',
  'promptCaching',
  'pdfInput',
]

const MINI_OTHER = {
  'input_priority/token': '0.00000025',
  'output_priority/token': '0.000001',
  'cache_read_priority/token': '0.000000125',
  'input_batches/token': '0.000000075',
  'output_batches/token': '0.0000003',
  'search_context_low/query': '0.025',
  'search_context_medium/query': '0.025',
  'search_context_high/query': '0.025',
}

// The configs state no end: it comes from /model/deprecations, which takes it from LiteLLM's price map.
const END_OF_4O = { deprecationDate: '2027-01-14', replacedBy: 'gpt-6-luna' }

const MINI: Said = {
  ...END_OF_4O,
  ownedBy: 'openai',
  mode: 'chat',
  contextLength: 128_000,
  maxOutputTokens: 16_384,
  inputModalities: ['file', 'image', 'text'],
  outputModalities: ['text'],
  can: GPT_4O_CAN,
  inputCostPerToken: '0.00000015',
  outputCostPerToken: '0.0000006',
  cacheReadCostPerToken: '0.000000075',
  other: MINI_OTHER,
}

const CLAUDE: Said = {
  ownedBy: 'anthropic',
  mode: 'chat',
  contextLength: 1_000_000,
  maxOutputTokens: 128_000,
  inputModalities: ['file', 'image', 'text'],
  outputModalities: ['text'],
  cannot: ['assistantPrefill'],
  can: [
    'systemMessages',
    'parallelFunctionCalling',
    'structuredOutput',
    'vision',
    'functionCalling',
    'toolChoice',
    'promptCaching',
    'pdfInput',
    'webSearch',
    'reasoning',
    'computerUse',
  ],
  inputCostPerToken: '0.000003',
  outputCostPerToken: '0.000015',
  cacheReadCostPerToken: '0.0000003',
  cacheWriteCostPerToken: '0.00000375',
  other: {
    'cache_read_batches/token': '0.00000015',
    'cache_write_batches/token': '0.000001875',
    'cache_write_above_1hr/token': '0.000006',
    'input_batches/token': '0.0000015',
    'output_batches/token': '0.0000075',
    'search_context_low/query': '0.01',
    'search_context_medium/query': '0.01',
    'search_context_high/query': '0.01',
  },
}

const RETIRED = model('retired-soon', MINI)
export const BRAND_NEW = model('brand-new', MINI)
/** `balanced` with its first deployment alone. */
export const BALANCED_ALONE = model('balanced', { ...MINI, rpm: 10, tpm: 100_000 })

/** Every model that models.yaml names; those of its wildcard are not in here. */
export const EXPECTED: readonly Answer[] = [
  model('gpt-4o', {
    ...END_OF_4O,
    ownedBy: 'openai',
    mode: 'chat',
    contextLength: 128_000,
    maxOutputTokens: 16_384,
    inputModalities: ['file', 'image', 'text'],
    outputModalities: ['text'],
    can: GPT_4O_CAN,
    inputCostPerToken: '0.0000025',
    outputCostPerToken: '0.00001',
    cacheReadCostPerToken: '0.00000125',
    other: {
      'input_priority/token': '0.00000425',
      'output_priority/token': '0.000017',
      'cache_read_priority/token': '0.000002125',
      'input_batches/token': '0.00000125',
      'output_batches/token': '0.000005',
    },
  }),
  model('claude-sonnet', CLAUDE),
  // The router's alias is a name that clients may call.
  model('sonnet', CLAUDE),
  model('text-embedding-3-small', {
    ownedBy: 'openai',
    mode: 'embedding',
    contextLength: 8191,
    inputModalities: ['text'],
    inputCostPerToken: '0.00000002',
    outputCostPerToken: '0',
    other: { 'input_batches/token': '0.00000001', 'output_batches/token': '0' },
  }),
  // Paid by the query: its token prices of 0 do not make it free.
  model('rerank-english', {
    ownedBy: 'cohere',
    mode: 'rerank',
    contextLength: 4096,
    maxOutputTokens: 4096,
    inputModalities: ['text'],
    other: { 'input/query': '0.002' },
  }),
  model('whisper', {
    deprecationDate: '2027-02-26',
    replacedBy: 'gpt-live-transcribe',
    ownedBy: 'openai',
    mode: 'audio_transcription',
    inputModalities: ['audio'],
    outputModalities: ['text'],
    other: { 'input/second': '0.0001', 'output/second': '0.0001' },
  }),
  model('ollama/llama3:8b-instruct', {
    ...TEXT,
    ownedBy: 'ollama',
    mode: 'chat',
    contextLength: 8192,
    maxOutputTokens: 8192,
    inputCostPerToken: '0',
    outputCostPerToken: '0',
  }),
  // Two deployments: the largest limits, the highest prices, a capability that any has.
  model('balanced', {
    ...MINI,
    ownedBy: 'azure',
    contextLength: 200_000,
    outputModalities: ['audio', 'text'],
    can: [...GPT_4O_CAN, 'audioOutput'],
    inputCostPerToken: '0.0000009',
    deployments: 2,
    rpm: 10,
    tpm: 100_000,
  }),
  model('priced-as-number', {
    ...TEXT,
    ownedBy: 'openai',
    mode: 'chat',
    contextLength: 32_768,
    maxOutputTokens: 4096,
    inputCostPerToken: '0.00000125',
    outputCostPerToken: '0.00001',
  }),
  model('priced-as-text', {
    ...TEXT,
    ownedBy: 'openai',
    mode: 'chat',
    contextLength: 64_000,
    inputCostPerToken: '0.000006',
    outputCostPerToken: '0.000012',
    cacheReadCostPerToken: '0.0000006',
  }),
  model('priced-as-text-in-params', {
    ownedBy: 'openai',
    inputCostPerToken: '0.000003',
    outputCostPerToken: '0.000015',
  }),
  model('priced-in-nested-info', {
    ownedBy: 'openai',
    inputCostPerToken: '0.000006',
    outputCostPerToken: '0.000018',
  }),
  // Half a token of context is none that a column can hold; in the proxy's list of names it is cut off.
  model('tiny-and-huge', {
    ...TEXT,
    ownedBy: 'openai',
    mode: 'completion',
    contextLength: 128_000,
    inputCostPerToken: '0.000000000001',
    outputCostPerToken: '1000000',
    tpm: 9_999_999_999,
  }),
  model('declared-free', {
    ...TEXT,
    ownedBy: 'openai',
    mode: 'chat',
    inputCostPerToken: '0',
    outputCostPerToken: '0',
  }),
  model('unknown-model', { ownedBy: 'openai' }),
  model('team x/модель 模型:free', {
    ownedBy: 'openrouter',
    description: "The team's own model.",
    restricted: true,
    accessGroups: ['beta'],
  }),
  RETIRED,
]
