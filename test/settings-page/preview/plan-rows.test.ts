/** A plan as rows: what needs a look first, what is chosen by itself, and what moved between two plans. */
import t from 'tap'
import type { Plan, ProviderPlan } from '../../../src/client/contract.js'
import {
  choosable,
  countKinds,
  movedRows,
  rowsOf,
  usualChoice,
  type PlanRow,
} from '../../../src/settings-page/preview/plan-rows.js'

const NOTHING: ProviderPlan = {
  provider: 'litellm',
  added: [],
  updated: [],
  unavailable: [],
  restored: [],
  renamed: [],
  held: [],
  rejected: [],
  filtered: 0,
  unchanged: 0,
  impact: [],
}

function plan(...providers: Partial<ProviderPlan>[]): Plan {
  return { planHash: 'hash', revision: 1, providers: providers.map((provider) => ({ ...NOTHING, ...provider })) }
}

const added = (modelId: string, fields: object = {}) => ({ modelId, fields }) as ProviderPlan['added'][number]
const keys = (rows: readonly PlanRow[]) => rows.map(({ kind, modelId }) => `${kind} ${modelId}`)

t.test('of all providers, what needs a look first', async (t) => {
  const rows = rowsOf(
    plan(
      {
        added: [added('litellm/new', { name: 'New', description: 'Long', contextLength: 0, mode: null })],
        rejected: [{ modelId: null, reason: 'it has no id' }],
        updated: [{ modelId: 'litellm/changed', fields: { mode: { from: null, to: 'chat' } } }],
        held: [
          {
            modelId: 'litellm/jump',
            kind: 'updated',
            reason: 'price-jump',
            field: 'inputCostPerToken',
            from: '1',
            to: '20',
          },
        ],
        impact: [
          { label: 'assistants', count: 2, modelId: 'groq/gone' },
          { label: 'of nobody', count: 1 },
        ],
      },
      {
        provider: 'groq',
        unavailable: [{ modelId: 'groq/gone', reason: 'omitted' }],
        restored: [{ modelId: 'groq/back', fields: {} }],
        renamed: [{ modelId: 'groq/now', from: 'groq/before' }],
        impact: [{ label: 'assistants', count: 2, modelId: 'groq/gone' }],
      },
    ),
  )
  t.strictSame(keys(rows), [
    'held litellm/jump',
    'unavailable groq/gone',
    'updated litellm/changed',
    'added litellm/new',
    'restored groq/back',
    'renamed groq/now',
    'rejected null',
  ])
  t.match(rows[0], { would: 'updated', reason: 'price-jump', fields: [['inputCostPerToken', { from: '1', to: '20' }]] })
  t.strictSame(rows[1]?.impact, ['2 assistants'])
  t.strictSame(
    rows[3]?.fields.map(([field]) => field),
    ['name', 'contextLength'],
    'what is told of a new model: zero is known, null is not, a description is too long',
  )
  t.strictSame(rows[5]?.fields, [['id', { from: 'groq/before', to: 'groq/now' }]])
  t.match(countKinds(rows), { held: 1, unavailable: 1, updated: 1, added: 1, restored: 1, renamed: 1, rejected: 1 })
})

t.test('nothing that is held is chosen by itself, nor what else would become of the same model', async (t) => {
  const rows = rowsOf(
    plan({
      added: [added('litellm/new')],
      updated: [{ modelId: 'litellm/jump', fields: { mode: { from: null, to: 'chat' } } }],
      held: [
        { modelId: 'litellm/jump', kind: 'updated', reason: 'price-jump', field: 'inputCostPerToken' },
        { modelId: 'litellm/jump', kind: 'updated', reason: 'price-jump', field: 'outputCostPerToken' },
      ],
      rejected: [{ modelId: 'litellm/bad', reason: 'its price is no number' }],
    }),
  )
  t.equal(new Set(rows.map(({ key }) => key)).size, rows.length, 'each row has a key of its own')
  t.strictSame(choosable(rows), ['litellm/jump', 'litellm/new'])
  t.strictSame([...usualChoice(rows)], ['litellm/new'])
})

t.test('what moved: gone, new, or saying something else', async (t) => {
  const change = (to: string) => ({ modelId: 'litellm/same', fields: { ownedBy: { from: 'a', to } } })
  const before = plan({ added: [added('litellm/a'), added('litellm/b')], updated: [change('b')] })
  t.same(movedRows(before, before), { gone: [], fresh: new Set() })
  const now = plan({ added: [added('litellm/b'), added('litellm/c')], updated: [change('c')] })
  const { gone, fresh } = movedRows(before, now)
  t.strictSame(keys(gone), ['added litellm/a'])
  t.strictSame(keys(rowsOf(now).filter(({ key }) => fresh.has(key))), ['updated litellm/same', 'added litellm/c'])
})

t.test('what a plan only leaves out is not called gone, nor new when it is shown', async (t) => {
  const a = added('litellm/a')
  const changed = added('litellm/b', { name: 'Other' })
  const whole = plan({ added: [a, added('litellm/b')] })
  const cut = { ...plan({ added: [changed] }), leftOut: 1 }
  t.strictSame(movedRows(whole, cut), { gone: [], fresh: new Set(['added litellm/b name']) }, 'a may be among the rest')
  t.strictSame(movedRows(cut, plan({ added: [a, changed] })), { gone: [], fresh: new Set() }, 'a may have been')
  const { gone } = movedRows({ ...whole, leftOut: 7 }, plan({ added: [a] }))
  t.strictSame(keys(gone), ['added litellm/b'], 'the plan of now is whole, and does not have it')
})
