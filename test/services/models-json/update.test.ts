/** models.json as a file: written whole, backed up, only when it differs, and never at the cost of what only it knows. */
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { updateModelsJson } from '../../../src/services/models-json/update.js'
import { longestBlock } from '../../support/longest-block.js'

const UNIX = process.platform !== 'win32'
const upstream = [
  { Id: '0xaa', Name: 'alpha' },
  { Id: '0xbb', Name: 'beta' },
]
const NOW = Date.parse('2026-11-24T16:40:14.123Z')

async function place(
  t: Pick<Test, 'teardown'>,
  content?: string,
  parent = tmpdir(),
): Promise<{ dir: string; file: string }> {
  const dir = await realpath(await mkdtemp(path.join(parent, 'models-json-')))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'models.json')
  if (content !== undefined) await writeFile(file, content)
  return { dir, file }
}

let clock = NOW
const update = (file: string, rows: object[] = upstream) =>
  updateModelsJson({ file, upstream: rows as never, now: () => (clock += 1000) })
const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as { models: unknown[] }

t.test('a missing file is made, and one that is right is not touched', async (t) => {
  const { dir, file } = await place(t)
  t.match(await update(file), { written: true, added: ['alpha', 'beta'], localOnly: [], warnings: [] })
  t.strictSame(await read(file), { models: upstream })
  const before = await stat(file, { bigint: true })
  t.match(await update(file), { written: false, unchanged: ['alpha', 'beta'] })
  const after = await stat(file, { bigint: true })
  t.strictSame([after.ino, after.mtimeNs, after.ctimeNs], [before.ino, before.mtimeNs, before.ctimeNs])
  t.strictSame(await readdir(dir), ['models.json'], 'no backup, no draft, no lock')
  await writeFile(file, JSON.stringify({ models: upstream }))
  t.match(await update(file), { written: false }, 'another indentation is no difference')
})

t.test('members beside the list, large numbers and a byte order mark', async (t) => {
  const { file } = await place(
    t,
    '\ufeff{"version": 1.0, "models": [{"Id": "0xL", "Name": "mine", "Stake": 100000000000000000001}], "own": {"a": 1e400}}',
  )
  await update(file)
  const text = await readFile(file, 'utf8')
  for (const kept of ['"version": 1.0', '"Stake": 100000000000000000001', '"a": 1e400']) t.ok(text.includes(kept), kept)
  t.ok(text.startsWith('{'))
})

t.test('the last five backups are kept, and other people’s files', async (t) => {
  const { dir, file } = await place(t, '{"models": [{"Id": "0xL", "Name": "mine"}]}')
  for (const name of ['models.json.mine.bak', 'models.json.1', 'models.json.2020.bak'])
    await writeFile(path.join(dir, name), '')
  for (let round = 0; round < 8; round++) await update(file, [{ Id: '0xaa', Name: 'alpha', round }])
  const backups = (await readdir(dir)).filter((name) => /^models\.json\.2026-.*\.bak$/.test(name)).sort()
  t.equal(backups.length, 5)
  t.match(await read(path.join(dir, backups.at(-1)!)), { models: [{ round: 6 }, { Name: 'mine' }] })
  t.match(await readdir(dir), ['models.json', 'models.json.1'], 'ours alone are pruned')
  t.equal((await readdir(dir)).length, 9)
  t.match(await read(file), { models: [{ round: 7 }, { Name: 'mine' }] })
})

t.test('a corrupt file is set aside, and what only it knew comes from the newest backup', async (t) => {
  const { dir, file } = await place(t, '{"models": [{"Id": "0xL", "Name": "mine"}]}')
  await update(file)
  await update(file, [...upstream, { Id: '0xcc', Name: 'gamma' }])
  await writeFile(file, '{"models": [{"Id": "secret-of-somebody", ')
  const result = await update(file)
  t.equal(result.written, true)
  t.match(result.warnings, [/models\.json is not JSON .*set aside as .*\.corrupt/, /taken from its backup .*\.bak/])
  t.notMatch(result.warnings.join(), /secret-of-somebody/)
  t.strictSame((await read(file)).models, [...upstream, { Id: '0xL', Name: 'mine' }])
  const corrupt = (await readdir(dir)).filter((name) => name.endsWith('.corrupt'))
  t.equal(corrupt.length, 1)
  t.match(await readFile(path.join(dir, corrupt[0]!), 'utf8'), /secret-of-somebody/)
})

for (const [what, content] of [
  ['an empty file', ''],
  ['a bare list', '[{"Id": "0xL", "Name": "mine"}]'],
  ['no list', '{"models": {}}'],
  ['something that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a repeated member', '{"models": [], "models": [1]}'],
] as const)
  t.test(`set aside too: ${what}`, async (t) => {
    const { dir, file } = await place(t)
    await writeFile(file, content)
    t.match((await update(file)).warnings, [/set aside/])
    t.strictSame((await read(file)).models, upstream)
    const aside = (await readdir(dir)).find((name) => name.endsWith('.corrupt'))
    t.same(await readFile(path.join(dir, aside!)), Buffer.from(content))
  })

t.test('a file that is only just being written is waited for', async (t) => {
  const { dir, file } = await place(t, '{"models": [{"Id": "0xL", ')
  setTimeout(() => void writeFile(file, '{"models": [{"Id": "0xL", "Name": "mine"}]}'), 50)
  t.match(await update(file), { written: true, warnings: [], localOnly: ['mine'] })
  t.notOk((await readdir(dir)).some((name) => name.endsWith('.corrupt')))
})

t.test('what an editor still writes into the old file ends up in its backup', async (t) => {
  const { dir, file } = await place(t, '{"models": []}')
  const editor = await open(file, 'r+')
  t.teardown(() => editor.close())
  await update(file)
  await editor.write('{"models": ["late"]}', 0)
  const backup = (await readdir(dir)).find((name) => name.endsWith('.bak'))
  t.match(await readFile(path.join(dir, backup!), 'utf8'), /late/)
})

t.test('a symbolic link stays one, also when what it leads to is not there yet', { skip: !UNIX }, async (t) => {
  const { dir, file } = await place(t)
  await mkdir(path.join(dir, 'real'))
  await symlink('real/list.json', file)
  await update(file)
  await update(file, upstream.slice(1))
  t.strictSame((await read(path.join(dir, 'real', 'list.json'))).models.length, 2)
  t.equal(await realpath(file), path.join(dir, 'real', 'list.json'))
  t.strictSame((await readdir(dir)).sort(), ['models.json', 'real'])
  t.equal((await readdir(path.join(dir, 'real'))).length, 2, 'the backup lies beside the file itself')
})

t.test('the mode is kept', { skip: !UNIX }, async (t) => {
  const { file } = await place(t, '{"models": []}')
  await chmod(file, 0o640)
  await update(file)
  t.equal((await stat(file)).mode & 0o777, 0o640)
})

t.test('a folder or a file that may not be written stays as it is', { skip: !UNIX }, async (t) => {
  // The suite's own folder lets nobody else in.
  const { dir, file } = await place(t, '{"models": []}', '/tmp')
  await chmod(dir, 0o555)
  await asNobody(async () => {
    await t.rejects(update(file), { code: 'EACCES' })
  })
  await chmod(dir, 0o777)
  await chmod(file, 0o444)
  await asNobody(async () => {
    await t.rejects(update(file), { code: /^E(ACCES|PERM)$/ })
  })
  t.strictSame(await readdir(dir), ['models.json'])
  t.strictSame(await read(file), { models: [] })
})

/** The superuser may write everywhere; what only looks at the real user still sees it. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

t.test('a folder that is not there', async (t) => {
  const { dir } = await place(t)
  await t.rejects(update(path.join(dir, 'no', 'models.json')), {
    code: 'FST_MODEL_SYNC_MODELS_JSON',
    message: /folder .*no of MODELS_JSON_PATH .* is not there; make it/,
  })
})

t.test('drafts that a killed process has left go; what looks alike stays', async (t) => {
  const { dir, file } = await place(t)
  for (const name of ['.models.json.draft', '.models.json.draft.123', '.models.json.draft.mine', 'models.json.123'])
    await writeFile(path.join(dir, name), '{"models": [')
  await update(file)
  t.strictSame((await readdir(dir)).sort(), ['.models.json.draft.mine', 'models.json', 'models.json.123'])
})

t.test('a long list holds nobody up: read, merged and written in slices', async (t) => {
  const rows = (fee: number) =>
    Array.from({ length: 5_000 }, (_, index) => ({
      Id: `0x${index.toString(16).padStart(64, '0')}`,
      Name: `model ${index}`,
      Fee: fee,
      Tags: ['llm', 'chat'],
      Owner: `0x${'a'.repeat(40)}`,
    }))
  const { file } = await place(t, JSON.stringify({ models: rows(1), own: { list: [1, [2, 3]], a: 1 } }))
  const block = await longestBlock(async () => t.equal((await update(file, rows(2))).updated.length, 5_000))
  t.ok(block < 100, `${block} ms`)
  const written = JSON.stringify(await read(file))
  t.ok(written === JSON.stringify({ models: rows(2), own: { list: [1, [2, 3]], a: 1 } }), 'all of it is there')
  t.equal((await update(file, rows(2))).written, false)
})

t.test('a file larger than any list stays where it is', async (t) => {
  const { dir, file } = await place(t, '{"models": []}')
  await truncate(file, 256 * 1024 ** 2 + 1)
  await t.rejects(update(file), { message: /has 268435457 bytes, at most 268435456 are read/ })
  t.strictSame(await readdir(dir), ['models.json'])
})

t.test('files that are hard to read end soon: nested deep, quotes that nothing ends', async (t) => {
  for (const content of [
    `{"models": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    `{"models": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
    `{"models": ["${'\\"'.repeat(500_000)}`,
    `{"models": ["${'\\"'.repeat(500_000)}\\`,
    `{"models": [${'"a'.repeat(500_000)}`,
    `{"models": ${'[,'.repeat(500_000)}`,
  ]) {
    const { file } = await place(t, content)
    const started = performance.now()
    const { warnings } = await update(file)
    const took = Math.round(performance.now() - started)
    t.match(warnings, [/is not JSON/], content.slice(0, 24))
    t.ok(took < 3000, `${took} ms, 400 of them to wait whether somebody still writes it`)
    t.strictSame(await read(file), { models: upstream })
  }
})
