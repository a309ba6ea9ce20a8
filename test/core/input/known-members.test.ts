/** Objects that callers pass in code: a member that is not known is refused, with what was probably meant. */
import t from 'tap'
import { checkMembers } from '../../../src/core/input/known-members.js'

const known = { forceUpdate: true, dryRun: true, providers: true } as const
const refusal = (given: unknown): string | null => {
  try {
    checkMembers('syncModels', given, known)
    return null
  } catch (error) {
    t.match(error, { code: 'FST_MODEL_SYNC_OPTIONS', constructor: TypeError })
    return (error as Error).message
  }
}

t.test('known members, all or none of them', async (t) => {
  for (const given of [undefined, {}, { dryRun: true }, { dryRun: undefined, providers: [] }])
    t.equal(refusal(given), null)
})

t.test('what was probably meant is named', async (t) => {
  const meant: [given: object, name: string][] = [
    [{ dryrun: true }, 'dryRun'],
    [{ provider: ['openai'] }, 'providers'],
    [{ force: true }, 'forceUpdate'],
    [{ dryRun: true, forceUpdat: true }, 'forceUpdate'],
  ]
  for (const [given, name] of meant) t.match(refusal(given), `; did you mean "${name}"?`)
  t.equal(
    refusal({ banana: 1 }),
    'syncModels has no option "banana" (it takes forceUpdate, dryRun, providers)',
    'or nothing, when nothing is near',
  )
})

t.test('names of every object are no members', async (t) => {
  for (const name of ['constructor', 'toString', '__proto__x']) t.match(refusal({ [name]: 1 }), 'has no option')
})

t.test('something else than an object', async (t) => {
  t.match(refusal(null), 'was given null, expected an object with forceUpdate')
  t.match(refusal('openai'), 'was given a string')
  t.match(refusal(['openai']), 'was given a list')
})
