/** A price book that was tampered with must not stop the process. */
import t from 'tap'
import { matchesExpression } from '../../../src/services/prices/match-expression.js'

t.test('expressions that would take for ever elsewhere', async (t) => {
  const id = `${'a'.repeat(1000)}!`
  for (const expression of ['^(a+)+$', '(a|aa)+$', '^(?!(a+)+$)a', '^(?!a*a*a*a*a*a*b)(a*)*$']) {
    const { user } = process.cpuUsage()
    matchesExpression(expression, id)
    const spent = (process.cpuUsage().user - user) / 1000
    t.ok(spent <= 250, `${expression}: ${spent.toFixed(1)} ms`)
  }
})

t.test('the book’s own, and those that nobody can read', async (t) => {
  for (const [expression, id, expected] of [
    ['^gpt-y-\\d{4}$', 'gpt-y-2026', true],
    ['^gpt-y-\\d{4}$', 'gpt-y-mini', false],
    ['^(?!.*-tts)', 'gemini-9-pro', true],
    ['^(?!.*-tts)', 'gemini-9-pro-tts', false],
    ['^(?!.*-tts)gemini', 'gpt-4o', false],
    ['^(?!.*-[tT][tT][sS](?:$|-))', 'gemini-9-TTS-1', false],
    ['(', '(', false],
    ['(a)\\1', 'aa', false],
  ] as const)
    t.equal(matchesExpression(expression, id), expected, `${expression} ${id}`)
})
