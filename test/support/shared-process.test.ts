/** Test files that share a process: each one's failures bear its name and its lines, and none is lost, whatever another one does. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { Parser } from 'tap-parser'

interface Result {
  ok: boolean
  name: string
  fullname: string
  diag?: { at?: { fileName?: string; lineNumber?: number } }
}

// Where `tap` is what test files get.
const FOLDER = process.cwd()

/** Runs files with these texts, `a.test.js` and so on, in one process. @returns each assertion, and whether all is well */
async function runTogether(t: Test, texts: readonly string[]): Promise<{ results: Result[]; code: number | null }> {
  const folder = await mkdtemp(path.join(FOLDER, 'together-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const files = texts.map((_, i) => `${path.basename(folder)}/${String.fromCharCode(97 + i)}.test.js`)
  for (const [i, text] of texts.entries())
    await writeFile(path.join(FOLDER, files[i] ?? ''), `import t from 'tap'\n${text}`)
  const group = path.join(folder, 'group.js')
  await writeFile(
    group,
    `import 'tap'\nimport { runFiles } from '../test/support/shared-process.js'\nawait runFiles(${JSON.stringify(files)}, import.meta.dirname)`,
  )
  const env = { ...process.env, TAP: '1', TAP_TIMEOUT: '2', TAP_CHILD_ID: '1' }
  const child = spawn(process.execPath, ['--require=./test/support/lean-tap.cjs', group], {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout) output += String(chunk)
  const [code] = (await ended) as [number | null]
  return { results: resultsOf(Parser.parse(output)), code }
}

function resultsOf(events: ReturnType<typeof Parser.parse>): Result[] {
  return events.flatMap((event) => {
    if (event[0] === 'child') return resultsOf(event[1])
    return event[0] === 'assert' && !event[1].closingTestPoint ? [event[1] as unknown as Result] : []
  })
}

const failures = (results: readonly Result[]) =>
  results
    .filter(({ ok }) => !ok)
    .map(({ name, fullname, diag }) => [
      fullname.split('/').at(-1)?.replace(` > ${name}`, ''),
      name,
      diag?.at?.lineNumber,
    ])

const GOOD = `t.test('good', async (t) => t.ok(true))`
/** Its tests wait in the queue when the file has been loaded. */
const PREPARED = `t.before(async () => { await new Promise((resolve) => setTimeout(resolve, 50)) })
${GOOD}`

t.test('files that pass', async (t) => {
  const teardown = `t.teardown(() => { globalThis.gone = true })
t.beforeEach(() => { globalThis.begun = (globalThis.begun ?? 0) + 1 })
await t.test('one', async (t) => t.equal(globalThis.begun, 1))
t.test('two', async (t) => { await new Promise((resolve) => setTimeout(resolve, 5)); t.notOk(globalThis.gone) })`
  const after = `t.test('after it', async (t) => t.same([globalThis.gone, globalThis.begun], [true, 2]))`
  const { results, code } = await runTogether(t, [teardown, after, PREPARED])
  t.same(failures(results), [])
  t.equal(results.length, 4)
  t.equal(code, 0)
})

t.test('a failure bears the name of its file and test, and its line', async (t) => {
  const broken = `t.test('broken', async (t) => {
  t.equal(1, 2)
  throw new Error('thrown')
})
t.test('later', async (t) => {
  setTimeout(() => { throw new Error('thrown later') }, 5)
  await new Promise((resolve) => setTimeout(resolve, 50))
})
t.test('rejected', async (t) => {
  Promise.reject(new Error('nobody catches this'))
  await new Promise((resolve) => setTimeout(resolve, 50))
})`
  const { results, code } = await runTogether(t, [
    broken,
    `${GOOD}\nthrow new Error('while it loads')`,
    'export {}',
    GOOD,
  ])
  t.same(failures(results), [
    ['a.test.js > broken', 'should be equal', 3],
    ['a.test.js > broken', 'thrown', 4],
    ['a.test.js > later', 'thrown later', 7],
    ['a.test.js > rejected', 'nobody catches this', 11],
    ['b.test.js', 'while it loads', 3],
    ['c.test.js', 'no tests found', undefined],
  ])
  t.ok(
    results.some(({ ok, fullname }) => ok && fullname.includes('d.test.js > good')),
    'the next file runs',
  )
  t.equal(code, 1)
})

t.test('a test that hangs is ended, and the next file runs', async (t) => {
  const hanging = `t.test('hangs', async () => { await new Promise((resolve) => setTimeout(resolve, 60_000).ref()) })`
  const { results, code } = await runTogether(t, [
    hanging,
    `${GOOD}\nt.teardown(() => setTimeout(process.exit, 50, 1))`,
  ])
  t.match(failures(results), [['a.test.js > hangs', 'timeout!']])
  t.ok(results.some(({ ok, fullname }) => ok && fullname.includes('b.test.js > good')))
  t.equal(code, 1)
})

t.test('a test that ends the process is a failure, and so are the files after it', async (t) => {
  const { results, code } = await runTogether(t, [`t.test('exits', async () => process.exit(0))`, GOOD])
  t.match(failures(results)[0], ['a.test.js > exits', 'test unfinished'])
  t.equal(code, 1)
})
