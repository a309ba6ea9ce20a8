/** Random answers and catalogues, small enough that ids, values and their cases meet often. */
import fc from 'fast-check'
import { CAPABILITIES } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import type { Policy } from '../../../src/core/plan/plan.js'

const ids = fc.constantFrom<string[]>('a', 'A', 'b', 'B', 'v/c', 'V/c', 'V/C', 'd:free', 'e', 'f', 'g', 'h')

const price = fc.option(fc.constantFrom('0', '0.000001', '0.00001', '0.000011', '2', '2.5'), { nil: null })
const words = fc.uniqueArray(fc.constantFrom('text', 'image', 'audio', 'video'), { maxLength: 3 })

/** What one listing may say of a model; each field may be left out. */
const fields: fc.Arbitrary<DesiredFields> = fc.record(
  {
    name: fc.constantFrom('One', 'Two'),
    description: fc.option(fc.constantFrom('some', 'other'), { nil: null }),
    mode: fc.option(fc.constantFrom('chat' as const, 'embedding' as const), { nil: null }),
    contextLength: fc.option(fc.nat({ max: 3 }), { nil: null }),
    inputModalities: words,
    aliases: words,
    capabilities: fc.dictionary(fc.constantFrom(...CAPABILITIES.slice(0, 3)), fc.boolean(), { maxKeys: 3 }),
    inputCostPerToken: price,
    cacheReadCostPerToken: price,
    otherPrices: fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom('image', 'audio'),
        unit: fc.constant('request'),
        currency: fc.constantFrom('USD', 'EUR'),
        price: fc.constantFrom('1', '2'),
      }),
      { maxLength: 3, selector: ({ kind, currency }) => kind + currency },
    ),
    deprecationDate: fc.option(fc.constantFrom('2026-01-01', '2026-11-21', '2027-01-01'), { nil: null }),
  },
  { requiredKeys: [] },
)

export const answers: fc.Arbitrary<[id: string, said: DesiredFields][]> = fc.uniqueArray(fc.tuple(ids, fields), {
  selector: ([id]) => id,
  maxLength: 12,
})

const policies = fc.constantFrom<Policy>('sync', 'sync', 'upsert-only', 'create-only')

/** What happens to a catalogue; `pick` chooses among the models that there are. */
export const steps = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('sync' as const), answer: answers, approved: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('odd sync' as const),
      answer: answers,
      policy: policies,
      mentioned: fc.uniqueArray(ids, { maxLength: 2 }),
      excluded: fc.uniqueArray(ids, { maxLength: 2 }),
      missesBeforeUnavailable: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pin' as const), pick: fc.nat(), fields }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unpin' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('add local' as const), id: ids, fields }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), pick: fc.nat() }) },
)
export type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never
