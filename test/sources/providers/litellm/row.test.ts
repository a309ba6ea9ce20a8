import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { cleanFields } from '../../../../src/core/model/clean-fields.js'
import type { DesiredFields } from '../../../../src/core/model/model-fields.js'
import { keepMembers } from '../../../../src/sources/kit/members.js'
import { rowMembers } from '../../../../src/sources/providers/litellm/members.js'
import { readRow } from '../../../../src/sources/providers/litellm/row.js'
import { modelRow, type RowOptions } from '../../../support/loopback-litellm.js'
import { ROOT } from '../../../support/root.js'

const SAMPLE = new URL('../shared/reference/samples/litellm.json', ROOT)

const keepRow = (entry: unknown) => keepMembers(rowMembers, entry)

function read(entry: unknown): { fields: DesiredFields; warnings: string[] } {
  return readRow(entry) ?? { fields: {}, warnings: ['no row'] }
}

/** The fields of a full row with these members over it. */
function fieldsOf(options: RowOptions): DesiredFields {
  return read(modelRow(options)).fields
}

t.test('a full row', async (t) => {
  const { fields, warnings } = read(
    modelRow({
      model_name: 'gpt-4o',
      model_info: {
        description: 'All-round.',
        max_tokens: 16_384,
        max_input_tokens: 128_000,
        max_output_tokens: 16_384,
        input_cost_per_token: 2.5e-6,
        output_cost_per_token: 1e-5,
        cache_read_input_token_cost: 1.25e-6,
        input_cost_per_token_batches: 1.25e-6,
        supports_vision: true,
        supports_function_calling: true,
        supports_reasoning: false,
        supports_web_search: null,
        tpm: 3_000_000_000,
      },
    }),
  )
  t.strictSame(fields, {
    name: 'gpt-4o',
    description: 'All-round.',
    ownedBy: 'openai',
    mode: 'chat',
    contextLength: 128_000,
    maxOutputTokens: 16_384,
    inputModalities: ['image', 'text'],
    outputModalities: ['text'],
    capabilities: { functionCalling: true, vision: true, reasoning: false },
    inputCostPerToken: '0.0000025',
    outputCostPerToken: '0.00001',
    cacheReadCostPerToken: '0.00000125',
    cacheWriteCostPerToken: null,
    otherPrices: [{ kind: 'input_batches', unit: 'token', currency: 'USD', price: '0.00000125' }],
    priceWindows: [],
    deployments: 1,
    rpm: null,
    tpm: 3_000_000_000,
    restricted: null,
    teams: [],
    accessGroups: [],
    deprecationDate: undefined,
    replacedBy: undefined,
  })
  t.strictSame(warnings, [])
  t.strictSame(cleanFields(fields).warnings, [])
})

t.test('rates are those that an operator has set, in either place', async (t) => {
  const of = (options: RowOptions) => {
    const { rpm, tpm } = fieldsOf(options)
    return [rpm, tpm]
  }
  t.same(of({ litellm_params: { rpm: 60, tpm: 100_000 } }), [60, 100_000])
  t.same(of({ litellm_params: { rpm: 60 }, model_info: { rpm: '90', tpm: 5 } }), [90, 5])
  t.same(of({ model_info: { rpm: 0, tpm: null } }), [null, null])
})

t.test('who may call a deployment', async (t) => {
  const of = (model_info: Record<string, unknown>) => {
    const { restricted, teams, accessGroups } = fieldsOf({ model_info })
    return [restricted, teams, accessGroups]
  }
  t.same(of({}), [null, [], []])
  t.same(of({ direct_access: true, access_via_team_ids: ['t1', 't2'] }), [null, [], []], 'LiteLLM lists every team')
  t.same(of({ direct_access: false, access_via_team_ids: ['t1'] }), [true, ['t1'], []])
  t.same(of({ direct_access: false }), [true, [], []], 'of nobody')
  t.same(of({ team_id: 't1' }), [true, ['t1'], []])
  t.same(of({ access_groups: ['beta', 7, ''], direct_access: true }), [true, [], ['beta']])
  t.same(of({ team_id: null, access_groups: [], direct_access: null }), [null, [], []])
})

t.test('mode is LiteLLM’s word; modalities follow from it and from the flags', async (t) => {
  const of = (model_info: Record<string, unknown>) => {
    const { mode, inputModalities, outputModalities } = fieldsOf({ model_info })
    return [mode, inputModalities, outputModalities]
  }
  t.same(of({ mode: 'embedding' }), ['embedding', ['text'], []])
  t.same(of({ mode: 'moderations' }), ['moderation', ['text'], []])
  t.same(of({ mode: 'image_generation' }), ['image_generation', ['text'], ['image']])
  t.same(of({ mode: 'audio_transcription' }), ['audio_transcription', ['audio'], ['text']])
  t.same(
    of({
      mode: 'chat',
      supports_audio_input: true,
      supports_audio_output: true,
      supports_pdf_input: true,
      supports_vision: false,
    }),
    ['chat', ['audio', 'file', 'text'], ['audio', 'text']],
  )
  t.same(
    of({ mode: 'chat', supported_modalities: ['video', 'text'] }),
    ['chat', ['text', 'video'], ['text']],
    'what upstream lists',
  )
  t.same(
    of({
      mode: 'chat',
      supported_modalities: ['Images', 'pdf', 'text', 'file'],
      supported_output_modalities: 'SPEECH',
    }),
    ['chat', ['file', 'image', 'text'], ['audio']],
    'in other words for the same',
  )
  const own = read(
    modelRow({
      model_info: {
        mode: 'chat',
        supported_modalities: ['text', 'hunter2'],
        supported_output_modalities: ['s3cr3t_of_ours'],
      },
    }),
  )
  t.same(
    [own.fields.inputModalities, own.fields.outputModalities],
    [['text'], ['text']],
    'an operator’s own text is none',
  )
  t.match(own.warnings, [
    /^supported_modalities: .* is not a modality; left out$/,
    /^supported_output_modalities: .* left out$/,
  ])
  t.notMatch(own.warnings.join(), /hunter2|s3cr3t/)
  t.same(of({ mode: null, supports_vision: true }), [null, [], []], 'an unknown mode says nothing')
  t.same(of({ mode: undefined }), [null, [], []])
  t.same(of({ mode: 'Realtime' }), ['realtime', ['audio', 'text'], ['audio', 'text']])
  t.same(
    of({ mode: 'world-model', supports_vision: true }),
    ['world-model', [], []],
    'a newer word tells no modalities',
  )
  const odd = read(modelRow({ model_info: { mode: { x: 1 } } }))
  t.equal(odd.fields.mode, null)
  t.match(odd.warnings, [/^mode: an object is no text; kept as unknown$/])
})

t.test('max_tokens is the context where no other limit is stated', async (t) => {
  const limits = (model_info: object): unknown[] => {
    const { contextLength, maxOutputTokens } = fieldsOf({
      model_info: { max_input_tokens: null, max_output_tokens: null, ...model_info },
    })
    return [contextLength, maxOutputTokens]
  }
  t.same(limits({ max_tokens: 32_768 }), [32_768, null])
  t.same(limits({ max_tokens: '32k' }), [32_000, null])
  t.same(limits({ max_tokens: 8192, max_output_tokens: 8192 }), [null, 8192])
  t.same(limits({ max_tokens: 8192, max_input_tokens: 128_000 }), [128_000, null])
  t.same(limits({ max_tokens: null }), [null, null])
  t.same(limits({ max_tokens: 8192, max_input_tokens: '32768' }), [32_768, null], 'a string from a config')
})

t.test('flags: true, false, and null is unknown', async (t) => {
  t.strictSame(fieldsOf({}).capabilities, {})
  t.strictSame(
    fieldsOf({
      model_info: {
        supports_response_schema: false,
        supports_native_structured_output: true,
        supports_tool_choice: false,
        supports_parallel_function_calling: null,
        supports_prompt_caching: 'true',
        supports_telepathy: true,
      },
    }).capabilities,
    { toolChoice: false, structuredOutput: true, promptCaching: true },
  )
  t.notOk(
    'streaming' in (fieldsOf({ model_info: { supported_openai_params: ['stream', 'tools'] } }).capabilities ?? {}),
  )
})

t.test('who serves it', async (t) => {
  const of = (litellm_provider: unknown, litellm_params: Record<string, unknown>) =>
    fieldsOf({ model_info: { litellm_provider }, litellm_params }).ownedBy
  t.equal(of('bedrock_converse', { model: 'bedrock/x' }), 'bedrock_converse')
  t.equal(of(null, { model: 'gpt-4o', custom_llm_provider: 'azure' }), 'azure')
  t.equal(of(null, { model: 'anthropic/claude/x' }), 'anthropic')
  t.equal(of(undefined, { model: 'gpt-4o' }), null)
  t.equal(of(null, { model: 'http://10.0.0.1/x' }), null, 'an address is nobody')
})

t.test('what is kept of a row is LiteLLM’s own, and no secret or address', async (t) => {
  const canary = 'CANARY'
  const row = modelRow({
    model_name: 'gpt-4o',
    litellm_params: {
      model: 'azure/gpt-4o',
      custom_llm_provider: 'azure',
      api_key: `sk-${canary}`,
      api_base: `https://${canary}.internal`,
      headers: { 'x-key': canary },
      model_info: { password: canary },
      input_cost_per_token: 1,
    },
    model_info: {
      description: 'Good.',
      input_cost_per_token: '6e-06',
      output_cost_per_token: `${canary}-cost`,
      supports_vision: true,
      supports_function_calling: canary,
      tiered_pricing: [{ range: [0, 5], input_cost_per_token: 1e-6, note: canary }, canary],
      search_context_cost_per_query: { search_context_size_low: 0.1, note: canary },
      metadata: { host: canary },
      access_groups: [canary],
      team_id: canary,
      my_secret: canary,
      cost_center: canary,
      base_url: `http://${canary}`,
      litellm_provider: `http://${canary}`,
      supported_openai_params: ['stream', `sk-${canary}`, { canary }],
      provider_specific_entry: { [canary]: 1 },
      tpm: 3_000_000_000,
    },
  })
  const kept = keepRow(row)
  t.notMatch(JSON.stringify(kept), /CANARY|10\.20\.30\.40|null/)
  t.strictSame(kept, {
    model_name: 'gpt-4o',
    litellm_params: { model: 'azure/gpt-4o', custom_llm_provider: 'azure' },
    model_info: {
      id: row.model_info['id'],
      db_model: false,
      max_tokens: 16_384,
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      input_cost_per_token: '6e-06',
      mode: 'chat',
      tiered_pricing: [{ range: [0, 5], input_cost_per_token: 1e-6 }],
      search_context_cost_per_query: { search_context_size_low: 0.1 },
      tpm: 3_000_000_000,
      supports_vision: true,
      supported_openai_params: ['stream'],
      description: 'Good.',
    },
  })
  t.strictSame(keepRow(modelRow({ litellm_params: { model: 'http://10.0.0.1/x' } })), {
    ...(keepRow(modelRow()) as object),
    litellm_params: {},
  })
  t.equal(keepRow('x'), null)
})

t.test(
  'the recorded answer of a real proxy',
  { skip: existsSync(SAMPLE) ? false : 'the recording is not beside the repository' },
  async (t) => {
    const rows = (JSON.parse(readFileSync(SAMPLE, 'utf8')) as { data: unknown[] }).data
    const parsed = rows.map((row) => read(row))
    t.strictSame(
      parsed.map(({ fields }) => [
        fields.name,
        fields.mode,
        fields.contextLength,
        fields.maxOutputTokens,
        fields.ownedBy,
      ]),
      [
        ['llama3', 'chat', 8_192, 8_192, 'ollama'],
        ['embed-local', 'embedding', 2_048, 2_048, 'ollama'],
        ['qwen-heavy', 'chat', 32_768, 32_768, 'ollama'],
      ],
    )
    t.strictSame(
      parsed.map(({ fields }) => fields.inputCostPerToken),
      ['0', '0', '0'],
      'limits are known, so free is free',
    )
    t.strictSame(
      parsed.map(({ fields }) => fields.capabilities),
      [{ functionCalling: false }, { functionCalling: false }, { functionCalling: true }],
    )
    t.match(parsed[0]?.fields.description, /^General local chat model/)
    t.notMatch(JSON.stringify(rows.map((row) => keepRow(row))), /localhost|11434|general_chat|null/)
    for (const { fields, warnings } of parsed) t.strictSame([...warnings, ...cleanFields(fields).warnings], [])
  },
)
