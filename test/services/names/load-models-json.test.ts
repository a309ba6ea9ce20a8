/** The file of direct mode: read again when it changes, and no file stops the process. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { createFileLoader } from '../../../src/services/names/load-models-json.js'
import { longestBlock } from '../../support/longest-block.js'

const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-file-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const file = path.join(folder, 'models.json')
const failures: string[] = []
const loader = createFileLoader({ path: file, failed: ({ message }) => failures.push(message) })

t.test('a file that would take the memory is refused, and the last good models stay', async (t) => {
  await writeFile(file, '{"models":[{"Name":"a","Id":"0x1","ModelType":"LLM"}]}')
  t.match(await loader.read(), { changed: true, models: [{}] })
  for (const [text, said] of [
    [`{"models":[${'{},'.repeat(5_000_000)}{}]}`, /more than 2000000 objects, lists and commas/],
    [`{"models":[{"Name":"${'x'.repeat(10_000_000)}"}]}`, /an entry or a text over 1048576 bytes/],
  ] as const) {
    await writeFile(file, text)
    const block = await longestBlock(async () => t.match(await loader.read(), { changed: false, models: [{}] }))
    t.ok(block < 100, `${block} ms`)
    t.match(failures.pop(), said)
  }
})
