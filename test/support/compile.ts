/** Sources and tests as JavaScript, made once for a run: a loader would cost each of a hundred processes a second. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'

const COMPILED = ['src', 'test']
/** Packages of hundreds of modules, which a process would read one by one: in one file each, they load in no time. */
const BUNDLED = ['typebox', 'fast-check']
// Found from there as well (node_modules), of no test's concern, or this folder itself.
const LEFT_OUT = new Set([...COMPILED, 'node_modules', 'data', '.env', '.git', '.cache', '.tap'])
const TYPESCRIPT = /(?<!\.d)\.tsx?$/

/**
 * Brings `<root>/.cache/test` up to date: the repository once more, with `src` and `test` in JavaScript and maps to the TypeScript,
 * and a few packages in a `node_modules` of its own, which is searched before the real one.
 * What is as it was is not written, so that two runs beside each other do not disturb one another.
 * @returns the folder
 * @throws esbuild's error, with the place, when a file is no TypeScript
 */
export async function compile(root: string): Promise<string> {
  const folder = path.join(root, '.cache/test')
  const sources = (await Promise.all(COMPILED.map((name) => filesOf(path.join(root, name))))).flat()
  const common = { absWorkingDir: root, write: false, format: 'esm', platform: 'node', target: 'node20' } as const
  const [compiled, packages] = await Promise.all([
    build({
      ...common,
      entryPoints: sources.filter((file) => TYPESCRIPT.test(file)),
      outdir: folder,
      outbase: root,
      jsx: 'automatic',
      sourcemap: true,
      sourcesContent: false,
    }),
    build({
      ...common,
      entryPoints: BUNDLED.map((name) => ({ in: name, out: `${name}/index` })),
      outdir: path.join(folder, 'node_modules'),
      bundle: true,
    }),
  ])
  const wanted = new Map<string, Uint8Array>(
    [...compiled.outputFiles, ...packages.outputFiles].map(({ path: file, contents }) => [file, contents]),
  )
  for (const name of [...BUNDLED, 'tap'])
    wanted.set(
      path.join(folder, 'node_modules', name, 'package.json'),
      Buffer.from('{"type":"module","exports":"./index.js"}'),
    )
  // Test files that share a process each get a `t` of their own from it.
  const tap = `import { t } from ${JSON.stringify(import.meta.resolve('tap'))}
import { shareTap } from '../../test/support/shared-process.js'
export default shareTap(t)
`
  wanted.set(path.join(folder, 'node_modules/tap/index.js'), Buffer.from(tap))
  const others = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !LEFT_OUT.has(name))
  const copied = [
    ...sources.filter((file) => !TYPESCRIPT.test(file)),
    ...others.filter((entry) => entry.isFile()).map(({ name }) => path.join(root, name)),
  ]
  for (const file of copied) wanted.set(path.join(folder, path.relative(root, file)), await readFile(file))

  for (const [file, contents] of wanted) await writeChanged(file, contents)
  for (const name of [...COMPILED, 'node_modules'])
    for (const file of await filesOf(path.join(folder, name))) if (!wanted.has(file)) await rm(file)
  for (const { name } of others.filter((entry) => entry.isDirectory()))
    await symlink(path.join(root, name), path.join(folder, name), 'junction').catch(unlessThere)
  return folder
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name))
}

async function writeChanged(file: string, contents: Uint8Array): Promise<void> {
  const before = await readFile(file).catch(() => null)
  if (before?.equals(contents)) return
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, contents)
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
