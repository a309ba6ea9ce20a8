/** Divides test files into groups that share a process: loading tap, Fastify and the sources costs more than most files' tests. */
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const ALONE = '// Runs in a process of its own: '
const LEFT_OUT = ['test/e2e', 'test/slow']
// Fewer would load more often; more would leave one of two processes without work at the end.
const FILES_IN_GROUP = 8

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

  const alone: string[] = []
  const together: string[] = []
  for (const file of found)
    ((await readFile(path.join(folder, file), 'utf8')).includes(ALONE) ? alone : together).push(file)
  const groups: string[] = []
  for (let from = 0; from < together.length; from += FILES_IN_GROUP)
    groups.push(await writeGroup(folder, together.slice(from, from + FILES_IN_GROUP)))
  return [...others, ...alone, ...groups]
}

async function testsIn(folder: string, name: string): Promise<string[]> {
  const names = await readdir(path.join(folder, name), { recursive: true })
  return names
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => path.posix.join(name, file.replaceAll(path.sep, '/')))
    .filter((file) => !LEFT_OUT.some((out) => file.startsWith(`${out}/`)))
    .sort()
}

/** @returns its name, which says the first of its files */
async function writeGroup(folder: string, files: readonly string[]): Promise<string> {
  const [first = ''] = files
  const group = `${first.replace(/\.test\.js$/, '').replace(/^test\//, 'groups/')}+${files.length - 1}.js`
  await mkdir(path.dirname(path.join(folder, group)), { recursive: true })
  const up = path.posix.relative(path.posix.dirname(group), '.')
  const text = `import 'tap'
import { runFiles } from '${up}/test/support/shared-process.js'
await runFiles(${JSON.stringify(files, null, 2)})
`
  await writeFile(path.join(folder, group), text)
  return group
}
