/** Divides test files into groups that share a process: loading tap, Fastify and the sources costs more than most files' tests. */
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const ALONE = '// Runs in a process of its own: '
const LEFT_OUT = ['test/e2e', 'test/slow']
// Fewer would load more often; more would leave processes without work at the end.
const FILES_IN_GROUP = 10

/**
 * @param folder the compiled repository
 * @param given what stands on the command line. A file or a pattern is run as it is, each file in a process of its own; for a folder, and when
 *   there is none at all, the files in it are grouped, except those with a line that says why they are not
 * @returns arguments for tap
 */
export async function groupTests(folder: string, given: readonly string[]): Promise<string[]> {
  const isFolder = (word: string): boolean =>
    existsSync(path.join(folder, word)) && statSync(path.join(folder, word)).isDirectory()
  const others = given.filter((word) => !isFolder(word))
  const folders = given.filter(isFolder)
  if (others.every((word) => word.startsWith('-')) && folders.length === 0) folders.push('test')
  const found = (await Promise.all(folders.map((name) => testsIn(folder, name)))).flat()

  const kinds = { alone: [] as string[], onPglite: [] as string[], others: [] as string[] }
  for (const file of found) kinds[await kindOf(path.join(folder, file))].push(file)
  // What takes longest comes first.
  const groups = [kinds.onPglite, kinds.others].flatMap((files) => inGroups(files))
  const written = await Promise.all(groups.map((files, place) => writeGroup(folder, place, files)))
  return [...others, ...kinds.alone, ...written]
}

// Files on PGlite share a process for the sake of its start and of what V8 compiles of it.
async function kindOf(file: string): Promise<'alone' | 'onPglite' | 'others'> {
  const text = await readFile(file, 'utf8')
  if (text.includes(ALONE)) return 'alone'
  return /databaseKinds|createPgliteDatabase/.test(text) ? 'onPglite' : 'others'
}

// Dealt out like cards: neighbours take alike long, and a group of the longest ones would run alone at the end.
function inGroups(files: readonly string[]): string[][] {
  const count = Math.ceil(files.length / FILES_IN_GROUP)
  return Array.from({ length: count }, (_, group) => files.filter((_, at) => at % count === group))
}

async function testsIn(folder: string, name: string): Promise<string[]> {
  const names = await readdir(path.join(folder, name), { recursive: true })
  return names
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => path.posix.join(name, file.replaceAll(path.sep, '/')))
    .filter((file) => !LEFT_OUT.some((out) => file.startsWith(`${out}/`)))
    .sort()
}

/** @returns its name: its place, by which tap sorts, and the first of its files */
async function writeGroup(folder: string, place: number, files: readonly string[]): Promise<string> {
  const [first = ''] = files
  const name = first.replace(/^test\/|\.test\.js$/g, '').replaceAll('/', '-')
  const group = `groups/${String(place).padStart(2, '0')}-${name}+${files.length - 1}.js`
  await mkdir(path.join(folder, 'groups'), { recursive: true })
  const text = `import 'tap'
import { runFiles } from '../test/support/shared-process.js'
await runFiles(${JSON.stringify(files, null, 2)})
`
  await writeFile(path.join(folder, group), text)
  return group
}
