/** Puts some packages into dist/: what is installed of them is many times what we use, and a host pays for it with every image that it ships. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** ES modules without dependencies, that hosts never see: no type of ours names them. */
const PACKAGES = ['typebox', 're2js', 'lossless-json']

/** @param {string} root @param {Pick<import('esbuild').BuildOptions, 'target'>} options */
export async function vendor(root, options) {
  const dist = path.join(root, 'dist')
  const folder = path.join(dist, 'vendor')
  const files = /** @type {string[]} */ (readdirSync(dist, { recursive: true }))
    .filter((file) => file.endsWith('.js') && !/^(client|settings-page)[/\\]/.test(file))
    .map((file) => path.join(dist, file))
  await build({
    ...options,
    entryPoints: Object.fromEntries(PACKAGES.map((name) => [name, name])),
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  // One file in, one file out; only the imports of these packages lead elsewhere.
  await build({
    ...options,
    entryPoints: files,
    outdir: dist,
    outbase: dist,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    plugins: [{ name: 'vendor', setup: ({ onResolve }) => onResolve({ filter: /./ }, (found) => lead(found, folder)) }],
  })
}

/** @param {import('esbuild').OnResolveArgs} found @param {string} folder */
function lead({ kind, path: wanted, importer }, folder) {
  if (kind === 'entry-point') return undefined
  if (!PACKAGES.includes(wanted)) return { path: wanted, external: true }
  const file = path.relative(path.dirname(importer), path.join(folder, `${wanted}.js`)).replaceAll('\\', '/')
  return { path: file.startsWith('.') ? file : `./${file}`, external: true }
}

/** @typedef {{ name: string, version: string, license: string, text: string }} License `license`: its SPDX identifier */

/** @param {string} root @returns {License[]} of the packages in dist/vendor */
export function licensesOfVendored(root) {
  return PACKAGES.map((name) => {
    const folder = path.join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`${name} comes without the text of its licence`)
    return { name, version, license, text: readFileSync(path.join(folder, file), 'utf8') }
  })
}
