import t from 'tap'
import { KeptTexts } from '../../../src/services/sync/off-heap-texts.js'

t.test('each text comes back as it was, whatever its letters', (t) => {
  const texts = new KeptTexts()
  const given = ['{"name":"plain"}', '', '{"name":"Größe 漢字 🚀"}', null, '{"last":1}']
  const kept = given.map((text) => texts.keep(text))
  texts.seal()
  t.strictSame(
    kept.map((text) => text?.() ?? null),
    given,
  )
  t.strictSame(kept[2]?.(), given[2], 'more than once')
  t.end()
})

t.test('a page without texts', (t) => {
  const texts = new KeptTexts()
  t.equal(texts.keep(null), null)
  t.doesNotThrow(() => texts.seal())
  t.end()
})
