/** Alibaba's prices: the currency of the region, units in words, ranges. */
import t from 'tap'
import { alibaba } from '../../../../src/sources/providers/alibaba/alibaba.js'
import { currencyAt, readAlibabaPrices } from '../../../../src/sources/providers/alibaba/prices.js'

const row = (type: string, price: unknown, price_unit = 'Per 1M tokens', more: object = {}) => ({
  type,
  price,
  price_unit,
  ...more,
})
const range = (range_name: string, ...prices: unknown[]) => ({ range_name, prices })

t.test('each region has its currency, or none that is documented', async (t) => {
  for (const [address, currency] of [
    ['https://dashscope-intl.aliyuncs.com', 'USD'],
    ['https://w1.us-east-1.maas.aliyuncs.com', 'USD'],
    ['https://w1.ap-southeast-1.maas.aliyuncs.com', 'USD'],
    ['https://dashscope.aliyuncs.com', 'CNY'],
    ['https://w1.cn-beijing.maas.aliyuncs.com', 'CNY'],
    ['https://cn-hongkong.dashscope.aliyuncs.com', null],
    ['https://w1.eu-central-1.maas.aliyuncs.com', null],
    ['https://w1.ap-northeast-1.maas.aliyuncs.com', null],
    ['http://127.0.0.1:4000', 'USD'],
  ] as const)
    t.equal(currencyAt(address), currency, address)
})

t.test('the source of a region reads the same entry in its currency, and is another version', async (t) => {
  const entry = { model: 'm', prices: [range('Default', row('input_token', '2'))] }
  const [singapore, beijing, frankfurt] = [
    'https://dashscope-intl.aliyuncs.com',
    'https://w1.cn-beijing.maas.aliyuncs.com',
    'https://w1.eu-central-1.maas.aliyuncs.com',
  ].map((address) => alibaba.at!(address))
  t.equal(singapore, alibaba)
  t.match(singapore!.listings[0]!.parse(entry), { fields: { inputCostPerToken: '0.000002', otherPrices: [] } })
  t.match(beijing!.listings[0]!.parse(entry), {
    fields: {
      inputCostPerToken: null,
      otherPrices: [{ kind: 'input', unit: 'token', currency: 'CNY', price: '0.000002' }],
    },
  })
  t.match(frankfurt!.listings[0]!.parse(entry), { fields: { inputCostPerToken: null, otherPrices: [] } })
  t.equal(new Set([singapore, beijing, frankfurt].map((source) => source!.version)).size, 3)
})

t.test('units are read, never guessed', async (t) => {
  for (const [unit, price] of [
    ['Per 1M tokens', '0.00000015'],
    ['per million tokens', '0.00000015'],
    ['per 1k tokens', '0.00015'],
    ['per token', '0.15'],
    ['per fortnight', null],
    ['', null],
  ] as const) {
    const { fields, warnings } = readAlibabaPrices([range('Default', row('input_token', '0.15', unit))], 'USD')
    t.equal(fields.inputCostPerToken, price, unit)
    t.equal(warnings.length, price === null ? 1 : 0)
  }
  const { fields } = readAlibabaPrices([range('Default', row('image_number', '0.2', 'per image'))], 'USD')
  t.same(fields.otherPrices, [{ kind: 'output_image', unit: 'image', currency: 'USD', price: '0.2' }])
  t.equal(fields.inputCostPerToken, null)
})

t.test('rows by the time of day are windows where the band names the hours', async (t) => {
  const million = 'Per 1M tokens'
  const windowsOf = (time_band: unknown, currency = 'USD') => {
    const night = [
      row('input_token', '0.1', million, { time_band }),
      row('output_token', '0.4', million, { time_band }),
    ]
    const { fields, warnings } = readAlibabaPrices([range('Default', row('input_token', '0.2'), ...night)], currency)
    t.equal(fields.inputCostPerToken, currency === 'USD' ? '0.0000002' : null)
    return [
      fields.priceWindows.map(({ from, to, timeZone, prices }) => [from, to, timeZone, ...Object.values(prices)]),
      warnings.length,
    ]
  }
  const prices = ['0.0000001', '0.0000004']
  t.same(windowsOf('00:00-08:00'), [[['00:00', '08:00', 'Asia/Shanghai', ...prices]], 0])
  t.same(windowsOf('22:00~6:00 UTC'), [[['22:00', '06:00', 'UTC', ...prices]], 0])
  t.same(windowsOf('01:00-02:00 (UTC+8)'), [[['01:00', '02:00', 'Asia/Shanghai', ...prices]], 0])
  t.same(windowsOf({ start_time: '00:30:00', end_time: '08:30:00' }), [
    [['00:30', '08:30', 'Asia/Shanghai', ...prices]],
    0,
  ])
  t.same(windowsOf('off-peak'), [[], 1], 'when that is nobody says')
  t.same(windowsOf('00:00-08:00', 'CNY'), [[], 1], 'windows are in USD')
})

t.test('the lowest range is the base, rows by the time of day are none, what is no price is said', async (t) => {
  const { fields, warnings } = readAlibabaPrices(
    [
      range('32k<Token<=256k', row('input_token', '0.3')),
      range('0<Token<=32k', row('input_token', '9', 'Per 1M tokens', { time_band: 'busy' }), row('input_token', '0.1')),
      range('256k<Token', row('output_token', '-1'), row('thinking_output_token', '4')),
    ],
    'USD',
  )
  t.match(fields, { inputCostPerToken: '0.0000001', outputCostPerToken: null })
  t.same(
    fields.otherPrices?.map(({ kind, price }) => [kind, price]),
    [
      ['input_tier_32k_256k', '0.0000003'],
      ['output_thinking_tier_256k_up', '0.000004'],
    ],
  )
  t.match(warnings, [/hold at certain hours/, /"output_token": it is no price/])
})

t.test('the first range is spelled in several ways', async (t) => {
  for (const name of ['Default', 'Input<=32k', 'Input <= 32K', '0<Token<=32k', '0<Input<=32k', '输入<=32k']) {
    const { fields } = readAlibabaPrices(
      [range('32k<Input<=128k', row('input_token', '0.3')), range(name, row('input_token', '0.1'))],
      'USD',
    )
    t.equal(fields.inputCostPerToken, '0.0000001', name)
    t.same(fields.otherPrices, [{ kind: 'input_tier_32k_128k', unit: 'token', currency: 'USD', price: '0.0000003' }])
  }
})

t.test('each type of row, beside others and alone', async (t) => {
  const read = (...rows: ReturnType<typeof row>[]) => {
    const { fields, warnings } = readAlibabaPrices([range('Default', ...rows)], 'USD')
    t.same(warnings, [])
    return fields
  }
  t.match(read(row('embedding_token', '0.07')), { inputCostPerToken: '0.00000007', otherPrices: [] })
  t.match(read(row('vision_input_token', '0.1'), row('purein_text_output_token', '0.4')), {
    ...{ inputCostPerToken: '0.0000001', outputCostPerToken: '0.0000004', otherPrices: [] },
  })
  t.match(read(row('thinking_input_token', '0.2'), row('thinking_output_token', '2')), {
    ...{ inputCostPerToken: '0.0000002', outputCostPerToken: '0.000002', otherPrices: [] },
  })
  const omni = read(
    row('omni_no_audio_input_token', '0.4'),
    row('omni_audio_input_token', '3.8'),
    row('omni_no_audio_output_token', '1.6'),
    row('omni_audio_output_token', '15.1'),
  )
  t.match(omni, { inputCostPerToken: '0.0000004', outputCostPerToken: '0.0000016' })
  t.match(omni.otherPrices, [
    { kind: 'input_audio', unit: 'token', price: '0.0000038' },
    { kind: 'output_audio', unit: 'token', price: '0.0000151' },
  ])
  const whole = read(
    row('output_token', '1'),
    row('input_token', '0.5'),
    row('text_input_token', '0.4'),
    row('thinking_output_token', '4'),
    row('input_token_cache', '0.2'),
    row('input_token_cache_read', '0.05'),
    row('input_token_cache_creation_5m', '0.625'),
    row('input_token_batch', '0.25'),
  )
  t.match(whole, {
    ...{ inputCostPerToken: '0.0000005', outputCostPerToken: '0.000001' },
    ...{ cacheReadCostPerToken: '0.0000002', cacheWriteCostPerToken: '0.000000625' },
  })
  t.strictSame(Object.fromEntries(whole.otherPrices?.map(({ kind, price }) => [kind, price]) ?? []), {
    input_text: '0.0000004',
    output_thinking: '0.000004',
    explicit_cache_read: '0.00000005',
    input_batches: '0.00000025',
  })
  t.match(read(row('cosy_tts_number', '0.1', 'Per 10,000 characters')).otherPrices, [
    { kind: 'cosy_tts_number', unit: 'character', price: '0.00001' },
  ])
})
