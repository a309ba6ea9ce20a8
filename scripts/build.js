/** Builds the package into dist/: the compiled library, its migrations, the client for browsers, and the settings page. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

// The oldest Node that we support.
const TARGET = 'node20.19'
const root = fileURLToPath(new URL('..', import.meta.url))

/** @param {string} script @param {string[]} args */
function run(script, args) {
  const done = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

const missing = ['typescript', 'esbuild', 'vite'].filter((tool) => !existsSync(path.join(root, 'node_modules', tool)))
if (missing.length > 0) {
  // `prepare` also runs where the package is installed without its development tools; there is nothing to build with then.
  const isOptional = process.argv.includes('--if-possible')
  console.error(
    `Not built, since ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed. Run npm install without --omit=dev (or NODE_ENV=production), then npm run build.`,
  )
  process.exit(isOptional ? 0 : 1)
}

rmSync(path.join(root, 'dist'), { recursive: true, force: true })
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json'])
run('typescript/bin/tsc', [
  '-p',
  'tsconfig.client.json',
  '--noEmit',
  'false',
  '--incremental',
  'false',
  '--tsBuildInfoFile',
  'null',
])
// One file in place of twenty: half of a cold start without a database is reading them. What it loads later (the way through a proxy, with undici)
// is a file of its own, whose imports would else come first.
const { build } = await import('esbuild')
await build({
  entryPoints: [path.join(root, 'src/direct.ts')],
  outdir: path.join(root, 'dist'),
  chunkNames: 'direct-[name]-[hash]',
  bundle: true,
  splitting: true,
  allowOverwrite: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: TARGET,
  logLevel: 'warning',
})
const { writeCommonJs } = await import('./commonjs.js')
const { trimDeclarations } = await import('./trim-declarations.js')
const { vendor } = await import('./vendor.js')
const { writePlainDeclarations } = await import('./plain-declarations.js')
const entries = ['index', 'direct', 'client/index', 'client/refresh-models-button']
for (const entry of entries) writeCommonJs(path.join(root, `dist/${entry}.js`))
writePlainDeclarations(root)
trimDeclarations(
  path.join(root, 'dist'),
  entries.map((entry) => `${entry}.d.ts`),
)
await vendor(root, { target: TARGET })
cpSync(path.join(root, 'src/store/migrations'), path.join(root, 'dist/store/migrations'), { recursive: true })
run('vite/bin/vite.js', ['build'])
