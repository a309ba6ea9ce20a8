/** Rows are written in statements of a bounded size, whatever the rows hold. */
import t from 'tap'
import { jsonBatches } from '../../src/store/json-batches.js'

const MIB = 1024 * 1024

async function batches(rows: Iterable<object>): Promise<{ rows: number; bytes: number }[]> {
  const found = []
  for await (const { bytes } of jsonBatches(rows))
    found.push({ rows: (JSON.parse(bytes.toString()) as object[]).length, bytes: bytes.length })
  return found
}

t.test('no rows, no statement', async (t) => {
  t.strictSame(await batches([]), [])
})

t.test('usual rows go by their number', async (t) => {
  const rows = Array.from({ length: 4_001 }, (_, id) => ({ id }))
  t.strictSame(
    (await batches(rows)).map(({ rows }) => rows),
    [2_000, 2_000, 1],
  )
})

t.test('long rows go by their bytes, in any letters', async (t) => {
  for (const letter of ['x', 'ж', '漢', '🚀']) {
    const text = letter.repeat(100_000)
    const found = await batches(Array.from({ length: 100 }, () => ({ text })))
    t.equal(
      found.reduce((sum, { rows }) => sum + rows, 0),
      100,
    )
    t.ok(found.every(({ bytes }) => bytes < 2.5 * MIB))
  }
  t.strictSame(
    (await batches([{ text: 'x'.repeat(5 * MIB) }, { text: '' }])).map(({ rows }) => rows),
    [1, 1],
    'one that is too long by itself goes alone',
  )
})
