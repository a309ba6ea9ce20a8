/** Puts test files into a queue that a few processes share: loading tap, Fastify and the sources costs more than most files' tests. */
import { existsSync, rmSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const ALONE = '// Runs in a process of its own: '
const LEFT_OUT = ['test/e2e', 'test/slow']

/**
 * @param folder the compiled repository
 * @param given what stands on the command line. A file or a pattern is run as it is, each file in a process of its own; for a folder, and when
 *   there is none at all, the files in it share processes, except those with a line that says why they do not
 * @param processes how many take from the queue
 * @returns arguments for tap
 */
export async function queueTests(folder: string, given: readonly string[], processes: number): Promise<string[]> {
  const isFolder = (word: string): boolean =>
    existsSync(path.join(folder, word)) && statSync(path.join(folder, word)).isDirectory()
  const others = given.filter((word) => !isFolder(word))
  const folders = given.filter(isFolder)
  if (others.every((word) => word.startsWith('-')) && folders.length === 0) folders.push('test')
  const found = (await Promise.all(folders.map((name) => testsIn(folder, name)))).flat()

  const kinds = { alone: [] as string[], onPglite: [] as string[], others: [] as string[] }
  for (const file of found) kinds[await kindOf(path.join(folder, file))].push(file)
  // What takes longest comes first, so that no process waits long for the last one.
  const queue = [...kinds.onPglite, ...kinds.others]
  return [...others, ...kinds.alone, ...(await writePrograms(folder, queue, Math.min(processes, queue.length)))]
}

async function kindOf(file: string): Promise<'alone' | 'onPglite' | 'others'> {
  const text = await readFile(file, 'utf8')
  if (text.includes(ALONE)) return 'alone'
  return /databaseKinds|createPgliteDatabase/.test(text) ? 'onPglite' : 'others'
}

async function testsIn(folder: string, name: string): Promise<string[]> {
  const names = await readdir(path.join(folder, name), { recursive: true })
  return names
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => path.posix.join(name, file.replaceAll(path.sep, '/')))
    .filter((file) => !LEFT_OUT.some((out) => file.startsWith(`${out}/`)))
    .sort()
}

/** @returns the names of the processes' programs, which are removed with this process */
async function writePrograms(folder: string, files: readonly string[], count: number): Promise<string[]> {
  if (count === 0) return []
  await mkdir(path.join(folder, 'queues'), { recursive: true })
  const run = await mkdtemp(path.join(folder, 'queues/run-'))
  process.once('exit', () => rmSync(run, { recursive: true, force: true }))
  const text = `import 'tap'
import { runFiles } from '../../test/support/shared-process.js'
await runFiles(${JSON.stringify(files, null, 2)}, import.meta.dirname)
`
  const names = Array.from({ length: count }, (_, place) => path.join(run, `${place + 1}.js`))
  for (const name of names) await writeFile(name, text)
  return names.map((name) => path.relative(folder, name))
}
