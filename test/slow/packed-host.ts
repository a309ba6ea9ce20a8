/** A host's folder as npm would make it: the packed package, and of the repository's node_modules exactly what the host would get. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { installedPackages } from '../../scripts/installed-packages.js'
import { ROOT } from '../support/root.js'

export const exec = promisify(execFile)
export const root = fileURLToPath(ROOT)

type Names = Record<string, string>
export interface Manifest {
  version: string
  exports: Record<string, string | Record<string, unknown>>
  bin: Names
  dependencies: Names
  overrides?: Record<string, unknown>
  devDependencies: Names
  peerDependencies: Names
  peerDependenciesMeta: Record<string, { optional: boolean }>
}

export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest

/**
 * A temporary folder with the packed package, fastify, pg and what they depend on: no optional package.
 * @param more packages beyond these, from this repository's own
 */
export async function packedHost(t: Pick<Test, 'teardown'>, more: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-host-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const own = path.join(folder, 'node_modules/fastify-model-sync')
  await mkdir(own, { recursive: true })
  const { stdout } = await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  })
  const [packed] = JSON.parse(stdout) as { filename: string }[]
  const tarball = path.join(folder, packed?.filename ?? '')
  await exec('tar', ['-xzf', tarball, '--strip-components=1', '-C', own])
  for (const from of installedPackages(root, ['fastify', 'pg', ...Object.keys(manifest.dependencies), ...more]))
    await cp(path.join(root, from), path.join(folder, from), {
      recursive: true,
      // Those within are of another package of the list, or of none.
      filter: (source) => !path.relative(path.join(root, from), source).startsWith('node_modules'),
    })
  const dependencies = {
    'fastify-model-sync': '*',
    fastify: '*',
    pg: '*',
    ...Object.fromEntries(more.map((name) => [name, '*'])),
  }
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'host', private: true, type: 'module', dependencies }),
  )
  return folder
}

/** Bytes of all files and folders, as `du --apparent-size` counts them. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const file = path.join(folder, entry.name)
    return sum + (entry.isDirectory() ? sizeOf(file) : statSync(file).size)
  }, statSync(folder).size)
}
