/** The feed is valid Atom, whatever upstream calls its models. */
import t from 'tap'
import { writeChangeFeed } from '../../../src/services/catalogue/atom-feed.js'
import type { ChangeRecord } from '../../../src/core/records/change-record.js'
import { validateAtom } from '../../support/atom-feed.js'

const where = {
  catalogueId: '3f0c1f5e-8a51-4a3a-9a46-0a2f7f5e9a11',
  baseUrl: 'https://models.example/api',
  selfUrl: 'https://models.example/api/models/changes.atom?provider=a&kind=updated',
}

const change = (id: number, over: Partial<ChangeRecord>): ChangeRecord => ({
  id,
  runId: null,
  modelId: 'litellm/m',
  provider: 'litellm',
  kind: 'updated',
  field: 'name',
  from: null,
  to: 'x',
  cause: 'upstream',
  actor: 'sync',
  at: '2026-11-24T10:00:00.000Z',
  ...over,
})

t.test('names of every kind', async (t) => {
  const names = [
    '<script>alert(1)</script>',
    'a]]>b',
    '&amp;&lt;',
    '"quoted" \'twice\'',
    'control \u0000\u0001\u001f and \ufffe\uffff',
    'a whole one 😀, and مرحبا',
    '../../up?x=1#y',
    'tab\tand\nline',
    ' ',
    'long '.repeat(400),
  ]
  for (const name of names) {
    const changes = [
      change(1, { modelId: `litellm/${name}`, kind: 'added', field: null, to: { name } }),
      change(2, { from: name, to: name, actor: name }),
      change(3, { kind: 'renamed', field: null, from: name }),
      change(4, { kind: 'unavailable', field: null, to: name }),
      change(5, { field: 'otherPrices', from: null, to: [{ kind: name }] }),
    ]
    t.equal(validateAtom(writeChangeFeed({ changes, ...where })), changes.length, JSON.stringify(name.slice(0, 40)))
  }
})

t.test('without a change', async (t) => t.equal(validateAtom(writeChangeFeed({ changes: [], ...where })), 0))

t.test('the validator finds what is wrong', async (t) => {
  const good = writeChangeFeed({ changes: [change(1, {}), change(2, {})], ...where })
  const wrong: Record<string, [string | RegExp, string]> = {
    'not well-formed': ['</entry>', ''],
    'no id': [/<id>urn[^/]*<\/id>/, ''],
    'a wrong date': ['2026-11-24T10', '24 Nov 10'],
    'an entry without a link': [/<link href="[^"]*litellm\/m"[^>]*\/?>(<\/link>)?/, ''],
    'an element that Atom does not have': ['<entry>', '<item/><entry>'],
    'a title that is no text': ['type="text"', 'type="xml"'],
  }
  for (const [name, [from, to]] of Object.entries(wrong)) {
    const broken = good.replace(from, to)
    t.not(broken, good)
    t.throws(() => validateAtom(broken), name)
  }
  t.throws(() => validateAtom(writeChangeFeed({ changes: [change(1, {}), change(1, {})], ...where })), /ids are unique/)
})
