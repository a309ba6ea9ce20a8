/** Builds the settings page into a folder of its own and fails when it is too large: what the first view loads, and all of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Bytes, as gzip sends them. */
const FIRST_VIEW = 150 * 1024
const ALL = 250 * 1024
/** The view that the address without a query shows. */
const FIRST = 'overview/overview-view.tsx'
// Pictures come when there is something to show, which on a first visit may be at once.
const WITH_IT = 'parts/chart.tsx'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'settings-page-'))
try {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--outDir', folder, '--manifest', 'manifest.json', '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
  )
  if (built.status !== 0) throw new Error('the settings page does not build')

  /** @type {Record<string, { file: string, css?: string[], imports?: string[], isEntry?: boolean }>} */
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
  const first = new Set(['index.html'])
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true)
  for (const key of [...entries, FIRST, WITH_IT]) collect(key, first)

  check('the first view', sizeOf([...first]), FIRST_VIEW)
  check('all of it', sizeOf(filesIn(folder)), ALL)

  /** @param {string} key @param {Set<string>} files */
  function collect(key, files) {
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`${key} is not in the build; ${fileURLToPath(import.meta.url)} names it`)
    if (files.has(chunk.file)) return
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const imported of chunk.imports ?? []) collect(imported, files)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** @param {string} directory */
function filesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

/** @param {string[]} files */
function sizeOf(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length, 0)
}

/** @param {string} what @param {number} bytes @param {number} most */
function check(what, bytes, most) {
  const told = `The settings page, ${what}: ${(bytes / 1024).toFixed(1)} of ${most / 1024} KiB gzipped`
  if (bytes <= most) return console.log(told)
  console.error(`${told}. See what grew with \`npx vite build\`, and load it only where it is needed.`)
  process.exitCode = 1
}
