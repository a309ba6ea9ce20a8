/** Include and exclude rules: exact, glob, regular expression; deny wins; no pattern takes long. */
import t from 'tap'
import { compileRules, type RuleLists } from '../../../src/core/model/id-rules.js'

const IDS = ['gpt-4o', 'openai/gpt-4o', 'openai/o1', 'meta/llama:free', 'a.b', 'axb', 'two\nlines']

function kept(rules: RuleLists): string[] {
  const excludes = compileRules(rules)
  return IDS.filter((id) => !excludes(id))
}

t.test('without rules everything is wanted', async (t) => {
  t.strictSame(kept({}), IDS)
  t.strictSame(kept({ include: [], exclude: [] }), IDS)
})

t.test('an exact id', async (t) => {
  t.strictSame(kept({ include: ['gpt-4o'] }), ['gpt-4o'])
  t.strictSame(kept({ include: ['GPT-4o'] }), [], 'in its own case')
  t.strictSame(kept({ include: ['a.b'] }), ['a.b'], 'a dot is a dot')
  t.strictSame(kept({ include: ['/gpt-4o'] }), [], 'one slash makes no expression')
})

t.test('a glob is the whole id', async (t) => {
  t.strictSame(kept({ include: ['openai/*'] }), ['openai/gpt-4o', 'openai/o1'])
  t.strictSame(kept({ include: ['*:free'] }), ['meta/llama:free'], 'slashes too')
  t.strictSame(kept({ include: ['a?b'] }), ['a.b', 'axb'])
  t.strictSame(kept({ include: ['a.?'] }), ['a.b'], 'what else means something in an expression is itself')
  t.strictSame(kept({ include: ['*gpt*', '?wo*'] }), ['gpt-4o', 'openai/gpt-4o', 'two\nlines'])
  t.strictSame(kept({ include: ['pt-*'] }), [])
  const odd = compileRules({ include: ['(a|b)+[c]\\*$^{2}*'] })
  t.equal(odd('(a|b)+[c]\\anything$^{2}'), false)
  t.equal(odd('aabc'), true)
})

t.test('a regular expression is found anywhere', async (t) => {
  t.strictSame(kept({ include: ['/^openai\\/.*o$/'] }), ['openai/gpt-4o'])
  t.strictSame(kept({ include: ['/GPT/i'] }), ['gpt-4o', 'openai/gpt-4o'])
  t.strictSame(kept({ include: ['/GPT/'] }), [])
  t.strictSame(kept({ include: ['/a.b/'] }), ['a.b', 'axb'])
})

t.test('exclude wins over include', async (t) => {
  t.strictSame(kept({ include: ['*gpt*'], exclude: ['openai/*'] }), ['gpt-4o'])
  t.strictSame(kept({ include: ['gpt-4o'], exclude: ['gpt-4o'] }), [])
  t.strictSame(kept({ exclude: ['*'] }), [])
})

t.test('a pattern that cannot be read is named', async (t) => {
  for (const pattern of ['/(/', '/a(?=b)/', '/(a)\\1/', '/[z-a]/']) {
    t.throws(() => compileRules({ exclude: [pattern] }), { message: `the pattern ${JSON.stringify(pattern)}` } as never)
    t.throws(() => compileRules({ include: ['ok', pattern] }), new RegExp('cannot be read'))
  }
  t.throws(() => compileRules({ include: [''] }), /0 characters, expected 1 to 500/)
  t.throws(() => compileRules({ include: ['x'.repeat(501)] }), /501 characters, expected 1 to 500/)
})

t.test('patterns that would take for ever take no time', async (t) => {
  const hostile = `${'a'.repeat(1_000)}!`
  const excludes = compileRules({
    exclude: ['/^(a+)+$/', '/^(a|aa)+$/', '/(a*)*b/', '/^(.*a){20}$/', `${'*a'.repeat(30)}*b`],
  })
  const started = performance.now()
  t.equal(excludes(hostile), false)
  t.equal(excludes('a'.repeat(1_000)), true)
  t.ok(performance.now() - started < 2_000, 'linear in the length of the id')
})

t.test(
  'as many ids as a person may list cost one lookup; of globs and expressions there are only so many',
  async (t) => {
    const ids = Array.from({ length: 100_000 }, (_, index) => `model-${index}`)
    const excludes = compileRules({ include: ids })
    const started = performance.now()
    t.equal(ids.filter((id) => !excludes(id)).length, ids.length)
    t.ok(performance.now() - started < 1000, `${performance.now() - started} ms`)
    t.equal(excludes('model-100000'), true)
    t.throws(() => compileRules({ exclude: [...ids, 'one-more'] }), /has 100001 ids, at most 100000/)
    const globs = ids.slice(0, 101).map((id) => `${id}*`)
    t.doesNotThrow(() => compileRules({ include: globs.slice(1), exclude: globs.slice(1) }))
    t.throws(() => compileRules({ include: globs }), /has 101 globs and regular expressions, at most 100/)
    t.throws(() => compileRules({ exclude: globs.map((glob) => `/${glob}/i`) }), /has 101 globs/)
  },
)
