/** Raw prices as upstreams state them, each unit and each trap of it, and what they are in USD per million tokens or by their own unit. */

export type PriceRow = readonly [
  /** A slug; with a path behind it, that listing instead of the first. */
  source: string,
  entry: unknown,
  input: string | null,
  output?: string | null,
  /** All further prices: `cache_read`, or `<kind>` for another per token, in USD per million; `<kind> per <unit>` and `… in <currency>` as they are. */
  further?: Record<string, string>,
]

const perScale = (amount: number): object => ({ amount, scale: 9, currency: 'USD' })
const deepinfra = (pricing: object, type = 'text-generation'): object => ({
  ...{ model_name: 'a/b', type, reported_type: type, tags: [], max_tokens: 8_192, deprecated: null },
  pricing: { type: 'tokens', ...pricing },
})
const alibabaRow = (type: string, price: string, price_unit = 'Per 1M tokens', more: object = {}): object => ({
  ...{ type, price, price_unit },
  ...more,
})
const alibaba = (price_unit: string): object => ({
  ...{ model: 'a-max', name: 'A', capabilities: ['TG'] },
  inference_metadata: { request_modality: ['Text'], response_modality: ['Text'] },
  prices: [
    {
      range_name: 'Default',
      prices: [
        { type: 'input_token', price: '0.15', price_unit },
        { type: 'output_token', price: '1.5', price_unit },
      ],
    },
  ],
})
const helicone = (prompt: number, completion: number): object => ({
  ...{
    id: 'a',
    name: 'A',
    author: 'acme',
    contextLength: 8_192,
    inputModalities: ['text'],
    outputModalities: ['text'],
  },
  endpoints: [{ provider: 'Acme', providerSlug: 'acme', pricing: { prompt, completion } }],
})
const huggingface = (offer: object): object => ({ id: 'a/b', providers: [{ provider: 'p', status: 'live', ...offer }] })
const vercel = (pricing: object, type = 'language'): object => ({ id: 'a/b', object: 'model', type, pricing })
const litellm = (info: object): object => ({ model_name: 'a', model_info: { max_tokens: 1, ...info } })
const openrouter = (pricing: object): object => ({
  id: 'a/b',
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing,
})

export const PRICE_ROWS: readonly PriceRow[] = [
  ['litellm', { model_name: 'a', model_info: { max_tokens: 1, input_cost_per_token: 0.00000125 } }, '1.25'],
  ['litellm', { model_name: 'a', model_info: { max_tokens: 1, input_cost_per_token: 1.25e-6 } }, '1.25'],
  [
    'litellm',
    {
      model_name: 'a',
      litellm_params: { model_info: { input_cost_per_token: '6e-06' } },
      model_info: { max_tokens: 1, input_cost_per_token: 0 },
    },
    '6',
  ],
  ['litellm', { model_name: 'a', model_info: { max_tokens: null, input_cost_per_token: 0 } }, null],
  [
    'litellm',
    litellm({
      ...{ input_cost_per_token: 1.25e-6, output_cost_per_token: 1e-5, cache_read_input_token_cost: 1.25e-7 },
      ...{ cache_creation_input_token_cost: 2e-6, input_cost_per_token_above_200k_tokens: 2.5e-6 },
      ...{ output_cost_per_reasoning_token: 1.2e-5, input_cost_per_token_batches: 6.25e-7 },
    }),
    '1.25',
    '10',
    { cache_read: '0.125', cache_write: '2', input_above_200k: '2.5', output_reasoning: '12', input_batches: '0.625' },
  ],
  [
    'litellm',
    litellm({ input_cost_per_token: 0, output_cost_per_token: 0, output_cost_per_image: 0.04 }),
    null,
    null,
    { 'output_image per image': '0.04' },
  ],
  [
    'litellm',
    litellm({ input_cost_per_token: 0, output_cost_per_second: 0.0001 }),
    null,
    null,
    { 'output per second': '0.0001' },
  ],
  ['openrouter', openrouter({ prompt: '0.000003', completion: '0.000015' }), '3', '15'],
  ['openrouter', openrouter({}), null, null, {}],
  ['openrouter', { ...openrouter({ image: '0' }), id: 'a/b:free' }, '0', '0', {}],
  [
    'openrouter',
    openrouter({
      ...{ prompt: '0.000003', completion: '0.000015', input_cache_read: '3e-7', input_cache_write: '0.00000375' },
      ...{ request: '0', image: '0.024', web_search: '0.01', discount: 0.5 },
      overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' }],
    }),
    '3',
    '15',
    {
      ...{ cache_read: '0.3', cache_write: '3.75', input_tier_200000_up: '6', output_tier_200000_up: '22.5' },
      ...{ 'input_image per image': '0.024', 'web_search per request': '0.01' },
    },
  ],
  ['openrouter', openrouter({ prompt: '0', request: '0.005' }), null, null, { 'request per request': '0.005' }],
  ['openrouter', openrouter({ prompt: '0', completion: '0', web_search: '0.01' }), '0', '0'],
  ['openrouter', openrouter({ prompt: '0', completion: '0' }), '0', '0'],
  ['openrouter', openrouter({ prompt: '-1', completion: '-1' }), null, null],
  ['vercel-ai-gateway', vercel({ input: '0.000002', output: '0.000008' }), '2', '8'],
  ['vercel-ai-gateway', vercel({ input: 0.000002, output: 0.000008 }), '2', '8'],
  [
    'vercel-ai-gateway',
    vercel({
      ...{ input: '0.000002', output: '0.000012', input_cache_read: '2e-7', varies_by_provider: true },
      input_tiers: [
        { cost: '0.000002', min: 0, max: 200_001 },
        { cost: '0.000004', min: 200_001 },
      ],
    }),
    '2',
    '12',
    { cache_read: '0.2', input_tier_200001_up: '4' },
  ],
  ['vercel-ai-gateway', vercel({ image: '0.04' }, 'image'), null, null, { 'output_image per image': '0.04' }],
  [
    'vercel-ai-gateway',
    vercel({ transcription_duration_cost_per_second: '0.0001' }, 'transcription'),
    null,
    null,
    { 'input_audio per second': '0.0001' },
  ],
  ['nebius', { id: 'a/b', pricing: { prompt: '0.0000003', completion: '0.00000045' } }, '0.3', '0.45'],
  ['cerebras', { id: 'a', pricing: { prompt: '0.00000035', completion: '0.00000075' } }, '0.35', '0.75'],
  ['deepinfra', deepinfra({ cents_per_input_token: 3.5e-5, cents_per_output_token: 5.9e-5 }), '0.35', '0.59'],
  ['deepinfra', deepinfra({ cents_per_input_token: '0.000035', cents_per_output_token: null }), '0.35', null],
  ['deepinfra', deepinfra({ type: 'image_units', cents_per_input_token: 1 }, 'text-to-image'), null],
  ['deepinfra', deepinfra({ type: 'input_tokens', cents_per_input_token: 5e-7 }, 'embeddings'), '0.005', null, {}],
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 2e-5, cents_per_output_token: 4e-5, rate_per_input_token_cached: 0.2 }),
    '0.2',
    '0.4',
    { cache_read: '0.04' },
  ],
  ['deepinfra', deepinfra({ cents_per_input_token: 2e-5, rate_per_input_token_cached: 0 }), '0.2', null, {}],
  [
    'deepinfra',
    deepinfra({ type: 'image_units', cents_per_image_unit: 3 }, 'text-to-image'),
    null,
    null,
    { 'output_image per image_unit': '0.03' },
  ],
  [
    'deepinfra',
    deepinfra({ type: 'time', cents_per_sec: 0.05 }, 'automatic-speech-recognition'),
    null,
    null,
    { 'usage per second': '0.0005' },
  ],
  [
    'deepinfra',
    deepinfra({ type: 'input_length', cents_per_input_sec: 0.002 }, 'automatic-speech-recognition'),
    null,
    null,
    { 'input_audio per second': '0.00002' },
  ],
  [
    'deepinfra',
    deepinfra({ type: 'input_character_length', cents_per_input_chars: 0.0035 }, 'text-to-speech'),
    null,
    null,
    { 'input per character': '0.000035' },
  ],
  ['featherless', { id: 'a/b', pricing: { input: 0.1, output: 0.2 } }, '0.1', '0.2'],
  ['featherless', { id: 'a/b' }, null, null],
  ['featherless', { id: 'a/b', pricing: { prompt: '0.0000001', completion: '0.0000002' } }, '0.1', '0.2'],
  ['featherless', { id: 'a/b', pricing: { prompt: '0.0000001', input: 0.1 } }, '0.1'],
  ['together', { id: 'a', type: 'chat', pricing: { input: 0.18000000000000002, output: 0.59 } }, '0.18', '0.59'],
  [
    'together',
    {
      ...{ id: 'a', type: 'chat' },
      pricing: { hourly: 2.5, input: 0.2, output: 0.2, cached_input: 0.05, base: 0, finetune: 0 },
    },
    '0.2',
    '0.2',
    { cache_read: '0.05', 'usage per hour': '2.5' },
  ],
  ['together', { id: 'a-Free', type: 'chat', pricing: { input: 0, output: 0 } }, '0', '0'],
  ['together', { id: 'a', type: 'image', pricing: { input: 0, output: 0 } }, null, null],
  ['huggingface', huggingface({ pricing: { input: 1.69, output: 3.38 } }), '1.69', '3.38'],
  ['huggingface', huggingface({ pricing: { input: 0.9299999999999999, output: 1 } }), '0.93', '1'],
  ['huggingface', huggingface({ pricing: { input: 0, output: 0 } }), null, null],
  ['huggingface', huggingface({ is_free: true }), '0', '0'],
  ['huggingface', huggingface({ status: 'error', pricing: { input: 1, output: 1 } }), null, null],
  [
    'chutes',
    {
      ...{ id: 'a/b', pricing: { prompt: 0.66, completion: 3.5, input_cache_read: 0.33 } },
      price: { input: { usd: 0.7, tao: 0.003 } },
    },
    '0.66',
    '3.5',
    { cache_read: '0.33' },
  ],
  ['chutes', { id: 'a/b', pricing: { prompt: 0.104, completion: 0.416 } }, '0.104', '0.416'],
  ['helicone', helicone(15, 75), '15', '75'],
  [
    'helicone',
    {
      id: 'a',
      endpoints: [
        {
          provider: 'p',
          pricing: {
            prompt: 1.25,
            completion: 10,
            cacheRead: 0.125,
            thinking: 12,
            image: { input: 2 },
            web_search: 10,
          },
          pricingTiers: [{ threshold: 200_000, prompt: 2.5, completion: 15 }],
        },
      ],
    },
    '1.25',
    '10',
    {
      ...{ cache_read: '0.125', output_reasoning: '12', input_image: '2' },
      ...{ input_tier_200000_up: '2.5', output_tier_200000_up: '15' },
    },
  ],
  ['aihubmix', { model_id: 'a', types: 'llm', pricing: { input: null, output: null } }, null, null],
  ['aihubmix', { model_id: 'a', types: 'video', pricing: { input: 0, output: 0 } }, null, null],
  ['aihubmix', { model_id: 'a-free', types: 'llm', pricing: { input: 0, output: 0 } }, '0', '0'],
  ['aihubmix', { model_id: 'a', types: 'llm', pricing: { input: 1.25, output: 10 } }, '1.25', '10'],
  ['near', { modelId: 'a', inputCostPerToken: perScale(850), outputCostPerToken: perScale(3_300) }, '0.85', '3.3'],
  ['near', { modelId: 'a', inputCostPerToken: { amount: 85, scale: 8, currency: 'USD' } }, '0.85', null],
  ['near', { modelId: 'a', inputCostPerToken: { amount: '850', scale: '9', currency: 'usd' } }, '0.85', null],
  ['near', { modelId: 'a' }, null, null],
  [
    'near',
    {
      ...{ modelId: 'a', inputCostPerToken: perScale(0), outputCostPerToken: perScale(0) },
      costPerImage: { amount: 4, scale: 2, currency: 'USD' },
    },
    null,
    null,
    { 'image per image': '0.04' },
  ],
  [
    'near',
    {
      ...{ modelId: 'a', inputCostPerToken: perScale(850), cacheReadCostPerToken: perScale(85) },
      outputCostPerToken: { amount: 3_300, scale: 9, currency: 'eur' },
    },
    '0.85',
    null,
    { cache_read: '0.085', 'output in EUR': '3.3' },
  ],
  ['xai', { id: 'a', prompt_text_token_price: 12_500, completion_text_token_price: 30_000 }, '1.25', '3'],
  ['xai', { id: 'a' }, null, null],
  [
    'xai',
    {
      ...{ id: 'a', prompt_text_token_price: 30_000, cached_prompt_text_token_price: 7_500, search_price: 250_000 },
      ...{ completion_text_token_price: 150_000, prompt_image_token_price: 30_000 },
      ...{ prompt_text_token_price_long_context: 60_000, completion_text_token_price_long_context: 300_000 },
    },
    '3',
    '15',
    { cache_read: '0.75', input_image: '3', input_long_context: '6', output_long_context: '30' },
  ],
  [
    'novita',
    { id: 'a', input_token_price_per_m: 2_690, output_token_price_per_m: 7_000, currency: 'CNY' },
    null,
    null,
    { 'input in CNY': '0.269', 'output in CNY': '0.7' },
  ],
  ['novita', { id: 'a', input_token_price_per_m: 2_690, output_token_price_per_m: 7_000 }, '0.269', '0.7'],
  ['alibaba', alibaba('Per 1M tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('per million tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('Per 1 million tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('per 1,000 tokens'), '150', '1500'],
  ['alibaba', alibaba('USD/1M tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('$ / 1M Tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('CNY/1M tokens'), null, null],
  ['alibaba', alibaba('per furlong'), null, null],
  [
    'alibaba',
    { model: 'a', prices: [{ range_name: 'Default', prices: [alibabaRow('image_number', '0.075', 'per image')] }] },
    null,
    null,
    { 'output_image per image': '0.075' },
  ],
  [
    'alibaba',
    {
      model: 'a',
      prices: [
        { range_name: '32k<Token<=256k', prices: [alibabaRow('input_token', '0.1')] },
        {
          range_name: '0<Token<=32k',
          prices: [
            alibabaRow('input_token', '9', 'Per 1M tokens', { time_band: 'off-peak' }),
            alibabaRow('input_token', '0.03'),
            alibabaRow('input_token_cache', '0.01'),
          ],
        },
      ],
    },
    '0.03',
    null,
    { cache_read: '0.01', input_tier_32k_256k: '0.1' },
  ],
  ['aimo', { name: 'a', providers: [{ id: 'p', name: 'P', pricing: { prompt: 1, completion: 2 } }] }, null, null],
  ['anannas', { id: 'a', pricing: { input: 1.25, output: 10 } }, null, null],
  ['anannas', { id: 'a', pricing: { input: 0, output: 0 } }, '0', '0'],
  ['fal', { endpoint_id: 'fal-ai/a', metadata: { category: 'text-to-image', status: 'active' } }, null, null],
  [
    'fal /v1/models/pricing',
    { endpoint_id: 'fal-ai/a', unit_price: 0.005, unit: 'megapixel', currency: 'USD' },
    null,
    null,
    { 'usage per megapixel': '0.005' },
  ],
  ['morpheus', { Id: '0xa1', Name: 'a', ModelType: 'LLM', Fee: 4_000_000, Stake: 10, CreatedAt: 1 }, null, null],
  // What lies on the machine costs nothing; what another host answers is not listed.
  ['ollama', { model: 'a', details: { format: 'gguf' } }, '0', '0'],
  ['ollama', { model: 'a', details: { format: '' }, remote_host: 'https://ollama.com', remote_model: 'a' }, null, null],
  // No price in the list, whatever an entry may bring along.
  ...(
    [
      ['openai', 'id'],
      ['deepseek', 'id'],
      ['mistral', 'id'],
      ['fireworks', 'id'],
      ['moonshot', 'id'],
      ['zai', 'id'],
      ['vllm', 'id'],
      ['lmstudio', 'id'],
      ['anthropic', 'id'],
      ['azure', 'id'],
      ['gemini', 'name'],
      ['google-vertex', 'name'],
      ['cohere', 'name'],
      ['bedrock', 'modelId'],
    ] as const
  ).map(([slug, id]): PriceRow => [
    slug,
    { [id]: 'a', created: 1, pricing: { prompt: '1', input: 1 } },
    null,
    null,
    {},
  ]),
]
