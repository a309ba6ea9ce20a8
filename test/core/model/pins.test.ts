/** What pins do to the values of a model, and what is kept beneath them. */
import t from 'tap'
import { completeFields } from '../../../src/core/model/field-changes.js'
import { beneathPins, effectiveFields, findConflicts, upstreamFields, type Pins } from '../../../src/core/model/pins.js'

const upstream = completeFields('m', {
  description: 'theirs',
  contextLength: 8,
  inputModalities: ['image', 'text'],
  capabilities: { vision: false, reasoning: true },
  inputCostPerToken: '0.5',
})

t.test('a pin wins, whatever it says', async (t) => {
  const pins: Pins = { description: null, contextLength: 0, inputCostPerToken: '0', name: 'Mine', inputModalities: [] }
  t.strictSame(effectiveFields(upstream, pins), { ...upstream, ...pins })
})

t.test('of the capabilities only the named ones are pinned', async (t) => {
  const { capabilities } = effectiveFields(upstream, { capabilities: { vision: true, webSearch: false } })
  t.strictSame(capabilities, { vision: true, reasoning: true, webSearch: false })
})

t.test('without pins nothing is copied', async (t) => t.equal(effectiveFields(upstream, {}), upstream))

t.test('upstream’s values come back out of the effective ones and what was kept', async (t) => {
  for (const pins of [
    {},
    { description: 'mine' },
    { description: null, capabilities: { vision: true } },
    { name: 'm', contextLength: 8 },
  ] satisfies Pins[]) {
    t.strictSame(upstreamFields(effectiveFields(upstream, pins), beneathPins(upstream, pins)), upstream)
  }
})

t.test('a conflict is a pinned field on which upstream says something else', async (t) => {
  const pins: Pins = {
    description: 'mine',
    contextLength: 8,
    inputModalities: ['text', 'image'],
    capabilities: { vision: true },
    mode: 'chat',
  }
  t.strictSame(findConflicts(effectiveFields(upstream, pins), beneathPins(upstream, pins), pins), [
    { field: 'description', pinned: 'mine', upstream: 'theirs' },
    { field: 'mode', pinned: 'chat', upstream: null },
    { field: 'capabilities', pinned: { vision: true }, upstream: { vision: false, reasoning: true } },
  ])
  const agreed: Pins = { capabilities: { reasoning: true } }
  t.strictSame(findConflicts(effectiveFields(upstream, agreed), beneathPins(upstream, agreed), agreed), [])
})
