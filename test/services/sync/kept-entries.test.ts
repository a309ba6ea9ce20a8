/** Entries of any number and size are read again as they came. */
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { KeptEntries, KeptEntry } from '../../../src/services/sync/kept-entries.js'

const MIB = 1024 * 1024

async function keep(kept: KeptEntries, entries: readonly unknown[]): Promise<KeptEntry[]> {
  const handles: KeptEntry[] = []
  for (const entry of entries) {
    const handle = new KeptEntry(entry)
    await kept.keep(handle, JSON.stringify(entry))
    handles.push(handle)
  }
  return handles
}

t.test('a usual answer stays as it is', async (t) => {
  const kept = new KeptEntries()
  const [handle] = await keep(kept, [{ id: 'a' }])
  await kept.endPage(20 * MIB, true)
  t.equal(kept.packed, false)
  t.equal(handle?.read(), handle?.read())
  t.strictSame(handle?.read(), { id: 'a' })
})

t.test(
  'a large one is packed, with what came before it and what comes after, and each entry is found again',
  async (t) => {
    const kept = new KeptEntries()
    const page = (name: string): unknown[] =>
      Array.from({ length: 130 }, (_, index) => ({ id: `${name}-${index}`, text: '漢字 🚀 "\\'.repeat(index * 20) }))
    const pages = [page('a'), page('b'), page('c'), [], [{ id: 'last' }]]
    const handles: KeptEntry[] = []
    for (const entries of pages) {
      handles.push(...(await keep(kept, entries)))
      await kept.endPage(13 * MIB, true)
    }
    t.equal(kept.packed, true)
    const read = (): unknown[] => handles.map((handle) => handle.read())
    t.strictSame(read(), pages.flat())
    t.strictSame(
      handles.toReversed().map((handle) => handle.read()),
      pages.flat().toReversed(),
      'in any order',
    )
  },
)

t.test('one body as large as is allowed is no reason to pack it', async (t) => {
  const kept = new KeptEntries()
  await keep(kept, [{ id: 'a' }])
  await kept.endPage(64 * MIB, false)
  t.equal(kept.packed, false)
  await kept.endPage(64 * MIB, false)
  t.equal(kept.packed, true, 'two of them are')
})

t.test('packs that are too large all the same end it, those in progress counted too', async (t) => {
  const page = Array.from({ length: 1000 }, (_, id) => ({ id, text: randomBytes(3 * 1024).toString('base64') }))
  const read = async (maxPackedBytes: number): Promise<void> => {
    const kept = new KeptEntries(maxPackedBytes)
    await keep(kept, page)
    await kept.endPage(64 * MIB, true)
  }
  await read(4 * MIB)
  await t.rejects(read(2 * MIB), /entries-too-large/)
})
