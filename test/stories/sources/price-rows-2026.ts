/** As `price-rows.ts`: what upstreams have changed since 2025, each new member beside the shape before it. */
import type { PriceRow } from './price-rows.js'

const openrouter = (pricing: object): object => ({
  id: 'a/b',
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing,
})
const vercel = (pricing: object, type = 'language', id = 'a/b'): object => ({ id, object: 'model', type, pricing })
const deepinfra = (pricing: object, type = 'text-generation'): object => ({
  ...{ model_name: 'a/b', type, reported_type: type, tags: [], max_tokens: 8_192, deprecated: null },
  pricing: { type: 'tokens', ...pricing },
})
const alibaba = (
  ...ranges: readonly (readonly [name: string, prices: Readonly<Record<string, string>>])[]
): object => ({
  model: 'a-max',
  prices: ranges.map(([range_name, prices]) => ({
    range_name,
    prices: Object.entries(prices).map(([type, price]) => ({ type, price, price_unit: 'Per 1M tokens' })),
  })),
})
const xai = (more: object): object => ({
  ...{ id: 'grok-9', prompt_text_token_price: 20_000, completion_text_token_price: 60_000 },
  ...more,
})

export const PRICE_ROWS_2026: readonly PriceRow[] = [
  // Per token of an image since late 2025, an image before.
  ['openrouter', openrouter({ prompt: '0.000002', image: '0.00003' }), '2', null, { input_image: '30' }],
  ['openrouter', openrouter({ image: '0.0048' }), null, null, { 'input_image per image': '0.0048' }],
  ['openrouter', openrouter({ image_output: '0.00012' }), null, null, { output_image: '120' }],
  ['openrouter', openrouter({ image_output: '0.04' }), null, null, { 'output_image per image': '0.04' }],
  ['openrouter', openrouter({ image: 0.000000075 }), null, null, { input_image: '0.075' }],
  [
    'openrouter',
    openrouter({
      prompt: '0.000001',
      audio: '0.000002',
      overrides: [{ min_prompt_tokens: 200_000, audio: '0.000004' }],
    }),
    '1',
    null,
    { input_audio: '2', input_audio_tier_200000_up: '4' },
  ],
  ['openrouter', openrouter({ image: '0.0005' }), null, null, { 'input_image per image': '0.0005' }],
  ['nebius', { id: 'a', pricing: { prompt: '0.0000002', image: '0.0000004' } }, '0.2', null, { input_image: '0.4' }],
  ['nebius', { id: 'a', pricing: { image: '0.01' } }, null, null, { 'input_image per image': '0.01' }],

  // DeepInfra's list in OpenAI's shape: USD per million, the other one is in cents per token.
  [
    'deepinfra',
    {
      id: 'a/b',
      metadata: { pricing: { input_tokens: 0.05499999999999999, output_tokens: 0.4, cache_read_tokens: 0.01 } },
    },
    '0.055',
    '0.4',
    { cache_read: '0.01' },
  ],
  ['deepinfra', { id: 'a/b', object: 'model', metadata: null }, null, null, {}],

  ['groq', { id: 'a', pricing: { prompt: '0.00000059', completion: '0.00000079' } }, '0.59', '0.79'],
  [
    'groq',
    { id: 'a', pricing: { prompt: '0.00000015', completion: '0.0000006', input_cache_read: '0.000000075' } },
    '0.15',
    '0.6',
    { cache_read: '0.075' },
  ],
  ['groq', { id: 'a', context_window: 8_192 }, null, null, {}],
  ['groq', { id: 'whisper-large-v3', pricing: { prompt: '0', completion: '0' } }, null, null, {}],

  ['xai', xai({ long_context_threshold: 200_000 }), '2', '6', {}],
  // LiteLLM has one name for tiers that begin at a length and beyond it; xAI's begin at it.
  ...[
    ['xai', 'input_tier_200000_up'],
    ['gemini', 'input_above_200k'],
  ].map(([litellm_provider, kind = '']): PriceRow => [
    'litellm',
    {
      ...{ model_name: 'a', litellm_params: { model: 'a' } },
      model_info: {
        ...{ litellm_provider, max_tokens: 1, input_cost_per_token: 2e-6 },
        input_cost_per_token_above_200k_tokens: 4e-6,
      },
    },
    '2',
    null,
    { [kind]: '4' },
  ]),
  [
    'xai',
    xai({
      ...{ long_context_threshold: 200_000, prompt_text_token_price_long_context: 40_000 },
      ...{ completion_text_token_price_long_context: 120_000, cached_prompt_text_token_price_long_context: 10_000 },
    }),
    '2',
    '6',
    { input_tier_200000_up: '4', output_tier_200000_up: '12', cache_read_tier_200000_up: '1' },
  ],
  [
    'xai /v1/image-generation-models',
    { id: 'grok-picture', image_price: 200_000_000 },
    null,
    null,
    { 'output_image per image': '0.02' },
  ],
  ['xai /v1/video-generation-models', { id: 'grok-film', prompt_text_token_price: 0 }, null, null, {}],

  ['vercel-ai-gateway', vercel({ input: '0.0000000001', output: '0' }, 'image'), null, '0'],
  [
    'vercel-ai-gateway',
    vercel({ input: '0.000015', speech_input_character_cost: '0.000015' }, 'speech', 'openai/tts-1'),
    null,
    null,
    { 'input per character': '0.000015' },
  ],
  [
    'vercel-ai-gateway',
    vercel({ input: '0.00003' }, 'speech', 'openai/tts-1-hd'),
    null,
    null,
    { 'input per character': '0.00003' },
  ],
  ['vercel-ai-gateway', vercel({ input: '0.0000006' }, 'speech', 'openai/gpt-4o-mini-tts'), '0.6', null, {}],
  [
    'vercel-ai-gateway',
    vercel({ input: '0.0000000001', transcription_duration_cost_per_second: '0.0001' }, 'transcription'),
    null,
    null,
    { 'input_audio per second': '0.0001' },
  ],
  [
    'vercel-ai-gateway',
    vercel({
      ...{ input: '0.0000025', output: '0.000015' },
      service_tiers: {
        flex: { input: '0.00000125', output: '0.0000075', input_cache_read: '0.000000125' },
        priority: { input: '0.000005', long_context: { threshold: 272_000, input: '0.00001' } },
      },
      regional: { eu: { input: '0.00000275' } },
      fast: { output: '0.00009' },
    }),
    '2.5',
    '15',
    {
      ...{ input_flex: '1.25', output_flex: '7.5', cache_read_flex: '0.125', input_priority: '5' },
      ...{ input_tier_272001_up_priority: '10', input_eu: '2.75', output_fast: '90' },
    },
  ],
  [
    'vercel-ai-gateway',
    vercel(
      {
        image: '0.04',
        image_dimension_quality_pricing: [
          { size: '4K', cost: '0.12' },
          { style: 'vector_illustration', cost: '0.08' },
        ],
      },
      'image',
    ),
    null,
    null,
    {
      'output_image per image': '0.04',
      'output_image_4k per image': '0.12',
      'output_image_vector_illustration per image': '0.08',
    },
  ],
  [
    'vercel-ai-gateway',
    vercel(
      {
        video_duration_pricing: [
          { resolution: '720p', cost_per_second: '0.1' },
          { resolution: '1080p', mode: 'pro', audio: true, cost_per_second: '0.4' },
        ],
        video_token_pricing: { no_video_input: { cost_per_million_tokens: '5.6' } },
      },
      'video',
    ),
    null,
    null,
    {
      ...{ 'output_video_720p per second': '0.1', 'output_video_1080p_pro_audio per second': '0.4' },
      output_video_no_video_input: '5.6',
    },
  ],
  [
    'vercel-ai-gateway',
    vercel({ audio_input_token_cost: '0.000032', realtime_session_duration_cost_per_second: '0.0001' }, 'realtime'),
    null,
    null,
    { input_audio: '32', 'session per second': '0.0001' },
  ],

  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 1.5e-5, cents_per_output_token: 5e-5, discount: 0.5 }),
    '0.075',
    '0.25',
    { input_undiscounted: '0.15', output_undiscounted: '0.5' },
  ],
  ['deepinfra', deepinfra({ cents_per_input_token: 2e-5, discount: 0, discount_ends_at: null }), '0.2', null, {}],
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 1.5e-5, rate_per_input_token_cached: 0.2, discount: 0.5 }),
    '0.075',
    null,
    { cache_read: '0.015', input_undiscounted: '0.15' },
  ],
  // Doubles: 0.26 a million times 0.1923076923076923 is 0.05.
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 2.6e-5, rate_per_input_token_cached: 0.1923076923076923 }),
    '0.26',
    null,
    { cache_read: '0.05' },
  ],
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 7.5e-5, rate_per_input_token_cached: 0.18666666666666668 }),
    '0.75',
    null,
    { cache_read: '0.14' },
  ],
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 6.8e-5, rate_per_explicit_cache_write_token: { '5m': 1.25, '1h': 2 } }),
    '0.68',
    null,
    { cache_write: '0.85', cache_write_1h: '1.36' },
  ],
  [
    'deepinfra',
    deepinfra({ cents_per_input_token: 1e-5, rate_per_input_token_cache_write: 1.25 }),
    '0.1',
    null,
    { cache_write: '0.125' },
  ],
  [
    'deepinfra',
    deepinfra({
      ...{ cents_per_input_token: 1e-5, cents_per_output_token: 3e-5 },
      ...{ rate_per_service_tier_priority: 1.5, rate_per_service_tier_flex: 0.8 },
    }),
    '0.1',
    '0.3',
    { input_priority: '0.15', output_priority: '0.45', input_flex: '0.08', output_flex: '0.24' },
  ],
  [
    'deepinfra',
    deepinfra({
      ...{ cents_per_input_token: 0.00012, cents_per_output_token: 0.0006 },
      full: '$1.2 in $6 out $0.24 cached <= 32K, $2.4 in $12 out $0.48 cached > 32K',
    }),
    '1.2',
    '6',
    {
      ...{ input_tier_0_32000: '1.2', output_tier_0_32000: '6', cache_read_tier_0_32000: '0.24' },
      ...{ input_tier_32001_up: '2.4', output_tier_32001_up: '12', cache_read_tier_32001_up: '0.48' },
    },
  ],

  [
    'alibaba',
    alibaba(['32k<Input<=128k', { input_token: '0.3' }], ['Input<=32k', { input_token: '0.1', output_token: '0.4' }]),
    '0.1',
    '0.4',
    { input_tier_32k_128k: '0.3' },
  ],
  ...[
    ['(0,32K]', '(32K,128K]', '(128K,∞)'],
    ['0-32k', '32k-128k', '>128k'],
    ['Input ≤ 32k', '32k < Input ≤ 128k', 'Input > 128k'],
    ['<=32K', '32K<=Input<=128K', '128K<Input'],
  ].map(([first = '', second = '', third = '']): PriceRow => [
    'alibaba',
    alibaba([first, { input_token: '0.1' }], [second, { input_token: '0.3' }], [third, { input_token: '0.6' }]),
    '0.1',
    null,
    { input_tier_32k_128k: '0.3', input_tier_128k_up: '0.6' },
  ]),
  ['alibaba', alibaba(['Default', { embedding_token: '0.07' }]), '0.07', null, {}],
  [
    'alibaba',
    alibaba(['Default', { text_input_token: '0.27', purein_text_output_token: '1.07', audio_input_token: '4.44' }]),
    '0.27',
    '1.07',
    { input_audio: '4.44' },
  ],
  ['alibaba', alibaba(['Default', { vision_input_token: '0.2', multiin_text_output_token: '1.6' }]), '0.2', '1.6', {}],
  [
    'alibaba',
    alibaba(['Default', { omni_no_audio_input_token: '0.4', omni_no_audio_output_token: '1.66' }]),
    '0.4',
    '1.66',
    {},
  ],
  [
    'alibaba',
    alibaba(['Default', { input_token: '0.4', input_token_cache_read: '0.04', input_token_cache_creation_5m: '0.5' }]),
    '0.4',
    null,
    { cache_read: '0.04', cache_write: '0.5' },
  ],
  ['alibaba', alibaba(['Default', { thinking_input_token: '0.4', thinking_output_token: '4' }]), '0.4', '4', {}],
  [
    'alibaba',
    alibaba(['Default', { output_token: '1.2', thinking_output_token: '4' }]),
    null,
    '1.2',
    { output_thinking: '4' },
  ],

  [
    'fireworks /v1/serverless/models',
    {
      ...{ id: 'accounts/fireworks/models/a', serverless_mode: 'standard' },
      pricing: [
        { sku: 'LLM input tokens (uncached)', amount: '0.9', unit: '1M tokens' },
        { sku: 'LLM input tokens (cached)', amount: '0.18', unit: '1M tokens' },
        { sku: 'LLM output tokens', amount: '3.6', unit: '1M tokens' },
      ],
    },
    '0.9',
    '3.6',
    { cache_read: '0.18' },
  ],
  [
    'fireworks /v1/serverless/models',
    {
      ...{ id: 'accounts/fireworks/models/a', serverless_mode: 'priority', service_tier: 'priority' },
      pricing: [{ sku: 'LLM output tokens', amount: '5.4', unit: '1M tokens' }],
    },
    null,
    null,
    { output_priority: '5.4' },
  ],
  [
    'fireworks /v1/serverless/models',
    { id: 'accounts/fireworks/models/a', pricing: [{ sku: 'Generated images', amount: '0.04', unit: 'image' }] },
    null,
    null,
    { 'generated_images per image': '0.04' },
  ],
  [
    'together /v2/supported-models?limit=100',
    { name: 'a', pricing: { input: 0.3, output: 0.6, cachedInput: 0.03 } },
    '0.3',
    '0.6',
    { cache_read: '0.03' },
  ],
  ['together /v2/supported-models?limit=100', { name: 'a', pricing: { input: 0, output: 0 } }, null, null, {}],
  [
    'novita',
    {
      ...{ id: 'a', input_token_price_per_m: 1_500, output_token_price_per_m: 5_000 },
      pricing: { input_cache_read: { price_per_m: 300 }, input_cache_write: { price_per_m: 1_875 } },
    },
    '0.15',
    '0.5',
    { cache_read: '0.03', cache_write: '0.1875' },
  ],
  [
    'novita',
    {
      ...{ id: 'a', pricing: { prompt: { price_per_m: 1_500 } }, is_tiered_billing: true },
      tiered_billing_configs: [{ min_tokens: 128_000, pricing: { prompt: { price_per_m: 3_000 } } }],
    },
    '0.15',
    null,
    { input_tier_128000_up: '0.3' },
  ],
  [
    'aihubmix',
    {
      ...{ model_id: 'a', types: 'llm' },
      pricing: { input: 2, output: 8, tiers: [{ min_tokens: 200_000, input: 4, output: 12 }] },
    },
    '2',
    '8',
    { input_tier_200000_up: '4', output_tier_200000_up: '12' },
  ],
]
