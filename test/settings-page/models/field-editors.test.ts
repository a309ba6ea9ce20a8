/** What people type to pin a field, and what of it is stored: prices per 1M tokens become prices per token, exactly. */
import { priceWindowsOf, priceWindowsText } from '../../../src/settings-page/parts/price-windows.js'
import fc from 'fast-check'
import t from 'tap'
import { FIELD_NAMES } from '../../../src/core/model/model.js'
import { editorOf } from '../../../src/settings-page/models/field-editors.js'
import { askBack } from '../../../src/settings-page/models/far-off.js'
import { otherPricesOf, otherPricesText } from '../../../src/settings-page/models/other-prices.js'
import { plainPerMillion, pricePerToken } from '../../../src/settings-page/parts/format.js'

const DIGITS = [...'0123456789']

t.test('each field that can be pinned can be typed, capabilities apart', async (t) => {
  t.same(
    FIELD_NAMES.filter((field) => editorOf(field) === null),
    ['capabilities'],
  )
})

t.test('a text is a value of its field, or none', async (t) => {
  const cases: [field: string, text: string, value: unknown][] = [
    ['inputCostPerToken', '1.25', '0.00000125'],
    ['inputCostPerToken', '$1,250', '0.00125'],
    ['inputCostPerToken', '1,25', undefined],
    ['inputCostPerToken', '0,15', undefined],
    ['outputCostPerToken', '0,150', undefined],
    ['cacheReadCostPerToken', '1.234,56', undefined],
    ['contextLength', '128.000', undefined],
    ['contextLength', '128,000', 128_000],
    ['maxOutputTokens', '16,4k', undefined],
    ['otherPrices', 'input_audio 1,25 USD per 1M tokens', undefined],
    ['otherPrices', 'input_audio 1, 25 USD per 1M tokens', undefined],
    ['otherPrices', 'output_image 1 250 USD per image', undefined],
    ['inputCostPerToken', '.5', '0.0000005'],
    ['inputCostPerToken', '0', '0'],
    ['inputCostPerToken', '', null],
    ['inputCostPerToken', '-1', undefined],
    ['inputCostPerToken', '1e-6', undefined],
    ['inputCostPerToken', 'free', undefined],
    ['cacheWriteCostPerToken', '10000000', '10'],
    ['contextLength', '128k', 128_000],
    ['contextLength', 'many', undefined],
    ['deployments', '3', 3],
    ['deployments', '3.5', undefined],
    ['name', '', undefined],
    ['mode', '', null],
    ['mode', 'chat', 'chat'],
    ['aliases', ' a, ,b ', ['a', 'b']],
    ['deprecationDate', '2026-01-31', '2026-01-31'],
    ['deprecationDate', 'January', undefined],
    ['createdAt', '2026-01-31T12:00Z', '2026-01-31T12:00Z'],
    ['createdAt', 'yesterday', undefined],
  ]
  for (const [field, text, value] of cases) t.strictSame(editorOf(field)?.valueOf(text), value, `${field}: ${text}`)
})

t.test('a price that is shown to be typed over is the same price when it comes back', async (t) => {
  const decimal = fc
    .tuple(
      fc.nat(99_999),
      fc.array(fc.constantFrom(...DIGITS), { maxLength: 20 }).map((digits) => digits.join('').replace(/0+$/, '')),
    )
    .map(([whole, decimals]) => (decimals === '' ? String(whole) : `${whole}.${decimals}`))
  fc.assert(
    fc.property(decimal, (price) => {
      t.equal(pricePerToken(plainPerMillion(price)), price)
    }),
  )
})

t.test('other prices: one a line, and back', async (t) => {
  const prices = [
    { kind: 'input_audio', unit: 'token', currency: 'USD', price: '0.0000025' },
    { kind: 'input above 200 k', unit: 'token', currency: 'USD', price: '0' },
    { kind: 'image', unit: 'image', currency: 'EUR', price: '0.04' },
  ]
  const text = 'input_audio 2.5 USD per 1M tokens\ninput above 200 k 0 USD per 1M tokens\nimage 0.04 EUR per image'
  t.equal(otherPricesText(prices), text)
  t.strictSame(otherPricesOf(text), prices)
  t.strictSame(otherPricesOf(' \n'), [])
  t.strictSame(otherPricesOf('image .04 usd per image'), [
    { kind: 'image', unit: 'image', currency: 'USD', price: '0.04' },
  ])
  for (const wrong of ['image', 'image free', 'image 1 per image', 'image 1e-3 USD per image', 'image 1 USD'])
    t.equal(otherPricesOf(wrong), undefined, wrong)
})

t.test('prices by the hour: a window a line, and back', async (t) => {
  const windows = [
    {
      days: [1, 5],
      from: '16:30',
      to: '00:30',
      timeZone: 'UTC',
      prices: { inputCostPerToken: '0.00000014', outputCostPerToken: '0.00000028' },
    },
    {
      days: [1, 2, 3, 4, 5, 6, 7],
      from: '00:00',
      to: '00:00',
      timeZone: 'UTC',
      dayTimeZone: 'Asia/Shanghai',
      prices: { cacheReadCostPerToken: '0' },
    },
  ]
  const text = 'Mon,Fri 16:30-00:30 UTC: input 0.14, output 0.28\n00:00-00:00 UTC (days Asia/Shanghai): cache read 0'
  t.equal(priceWindowsText(windows), text)
  t.strictSame(priceWindowsOf(text), windows)
  t.strictSame(priceWindowsOf(''), [])
  for (const wrong of ['16:30-00:30 UTC', '16:30-00:30 UTC: input', '16:30-00:30 UTC: tax 5', 'Mon 9-10 UTC: input 1'])
    t.equal(priceWindowsOf(wrong), undefined, wrong)
})

t.test('a value that is ten times off upstream’s is asked back, and a nearer one is not', async (t) => {
  const asked = (field: string, typed: unknown, upstream: unknown): boolean => askBack(field, typed, upstream) !== null
  t.match(
    askBack('inputCostPerToken', '0.000125', '0.00000125'),
    /\$125\.00.* is 100 times upstream’s \$1\.25.*press the button again/,
  )
  t.match(askBack('contextLength', 128, 128_000), /128 tokens is 1\/1,000 of upstream’s 128,000 tokens/)
  t.ok(asked('outputCostPerToken', '0', '0.00001'), 'free')
  const [audio, image] = otherPricesOf('input_audio 1.25 USD per 1M tokens\noutput_image 0.04 USD per image') ?? []
  const others = (text: string): string | null => askBack('otherPrices', otherPricesOf(text), [audio, image])
  t.match(
    others('output_image 0.04 USD per image\ninput_audio 125 USD per 1M tokens'),
    /^input_audio 125 USD per 1M tokens is 100 times upstream’s input_audio 1\.25 USD per 1M tokens\. .*again/,
  )
  t.match(others('output_image 0 USD per image'), /is nothing of upstream’s/)
  t.equal(others('input_audio 2.5 USD per 1M tokens\noutput_image 4 EUR per image\nother 9 USD per image'), null)
  t.equal(others(''), null)
  t.notOk(asked('otherPrices', otherPricesOf('a 1 USD per image'), []))
  t.notOk(asked('inputCostPerToken', '0.00001', '0.00000125'), 'eight times')
  t.notOk(asked('inputCostPerToken', '0.000125', null), 'upstream states none')
  t.notOk(asked('inputCostPerToken', '0.000125', '0'), 'upstream is free')
  t.notOk(asked('inputCostPerToken', null, '0.00000125'), 'back to unknown')
  t.notOk(asked('deployments', 100, 1), 'no price, no limit')
})
