/** A plan of many changes: described, hashed and cut to what an answer holds, while others are served. */
import t from 'tap'
import { emptyPlan } from '../../../src/core/plan/plan.js'
import { boundPlan } from '../../../src/services/sync/bound-plan.js'
import { describePlan, hashPlan } from '../../../src/services/sync/plan-document.js'
import { inSlices } from '../../../src/services/slices.js'
import { longestBlock } from '../../support/longest-block.js'
import { drained } from '../../support/drained.js'

const MOST_BYTES = 4 * 1024 * 1024
const options = { forceUpdate: false, markUnavailable: true, providers: ['p'] }
type Added = ReturnType<typeof emptyPlan>['added'][number]

/** @param long characters of each description */
function planOf(count: number, long: number) {
  const fields = { name: 'a model', description: 'x'.repeat(long), mode: 'chat', aliases: ['b', 'a'] }
  // In an order of its own, as a provider's listing is.
  const added = Array.from({ length: count }, (_, index) => ({ providerModelId: `m${(index * 7919) % count}`, fields }))
  return { ...emptyPlan(), added: added as unknown as Added[] }
}

t.test('sixty thousand new models hold nobody up', async (t) => {
  const plan = planOf(60_000, 200)
  const block = await longestBlock(async () => {
    const document = await inSlices(describePlan('p', plan))
    const ids = document.added.map(({ modelId }) => modelId)
    t.equal(new Set(ids).size, 60_000)
    t.ok(
      ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? '')),
      'by id',
    )
    const planHash = await inSlices(hashPlan(options, [document]))
    const bound = await inSlices(boundPlan({ planHash, revision: 1, providers: [document] }, []))
    t.equal((bound.plan.leftOut ?? 0) + (bound.plan.providers[0]?.added.length ?? 0), 60_000)
  })
  t.ok(block < 100, `${block} ms`)
})

t.test('the hash is that of the changes, in whatever order they came', async (t) => {
  const plan = planOf(3000, 10)
  const hash = (changed: typeof plan) => drained(hashPlan(options, [drained(describePlan('p', changed))]))
  t.equal(hash({ ...plan, added: [...plan.added].reverse() }), hash(plan))
  const [first, ...others] = plan.added
  const other = { ...first!, fields: { ...first!.fields, name: 'another' } }
  t.not(hash({ ...plan, added: [other, ...others] }), hash(plan))
  t.not(hash({ ...plan, added: others }), hash(plan))
})

t.test('a plan of 4 MiB less what stands around it is whole, one of a byte more is cut', async (t) => {
  const bound = (long: number) => {
    const plan = planOf(1000, 4000)
    const last = plan.added.find(({ providerModelId }) => providerModelId === 'm999')!
    Object.assign(last, { fields: { ...last.fields, description: 'x'.repeat(long) } })
    const document = drained(describePlan('p', plan))
    return drained(boundPlan({ planHash: 'h', revision: 1, providers: [document] }, []))
  }
  const bytes = (plan: unknown) => Buffer.byteLength(JSON.stringify(plan))
  // Found, not computed: what is left for the envelope is the code's own concern.
  let [fits, cut] = [0, 1_000_000]
  while (cut - fits > 1) {
    const middle = Math.floor((fits + cut) / 2)
    if (bound(middle).plan.leftOut === undefined) fits = middle
    else cut = middle
  }
  t.equal(cut - fits, 1)
  const [whole, less] = [bound(fits), bound(cut)]
  t.strictSame(whole.warnings, [])
  t.equal(whole.plan.providers[0]?.added.length, 1000)
  t.ok(bytes(whole.plan) <= MOST_BYTES)
  t.ok(bytes(whole.plan) > MOST_BYTES - 32 * 1024, `${bytes(whole.plan)} bytes: no more is kept free than 32 KiB`)
  t.equal(less.plan.leftOut, 1)
  t.equal(less.plan.providers[0]?.added.length, 999)
  t.match(less.warnings, [/the plan has 1 more change than this answer of 4 MiB can show/])
})
