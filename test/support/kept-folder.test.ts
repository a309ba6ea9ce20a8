/** A folder is made once for a key, whole or not at all, and the one of another key goes. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { keptFolder } from './kept-folder.js'

async function open(t: Test) {
  const parent = await mkdtemp(path.join(tmpdir(), 'kept-'))
  t.teardown(() => rm(parent, { recursive: true }))
  const made: string[] = []
  const keep = (name: string, key: string) =>
    keptFolder(
      name,
      [key],
      async (folder) => {
        made.push(`${name} ${key}`)
        await writeFile(path.join(folder, 'key'), key)
      },
      parent,
    )
  return { parent, made, keep, read: (folder: string) => readFile(path.join(folder, 'key'), 'utf8') }
}

t.test('it is made once, anew for another key, and the old one goes', async (t) => {
  const { parent, made, keep, read } = await open(t)
  const first = await keep('cluster', '1')
  t.equal(await keep('cluster', '1'), first)
  await keep('other', '1')
  const second = await keep('cluster', '2')
  t.equal(await read(second), '2')
  t.same(made, ['cluster 1', 'other 1', 'cluster 2'])
  t.same((await readdir(parent)).length, 2)
  t.notOk((await readdir(parent)).includes(path.basename(first)))
})

t.test('two that make it at once get the same', async (t) => {
  const { parent, keep, read } = await open(t)
  const [one, other] = await Promise.all([keep('cluster', '1'), keep('cluster', '1')])
  t.equal(one, other)
  t.equal(await read(one), '1')
  t.same(await readdir(parent), [path.basename(one)])
})

t.test('what could not be made whole is not kept', async (t) => {
  const { parent, keep, read } = await open(t)
  const broken = keptFolder('cluster', ['1'], (folder) => writeFile(path.join(folder, 'no', 'key'), ''), parent)
  await t.rejects(broken, { code: 'ENOENT' })
  t.same(await readdir(parent), [])
  t.equal(await read(await keep('cluster', '1')), '1')
})
