/**
 * `npm run test:nodes [versions]`: each supported Node, installed from npm, must build the package, pass the tests of what is pure and of a sync on
 * PostgreSQL and PGlite, run the demo, and load each entry of the packed package in a host of its own. A skipped test is a failure.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tryDemo } from './try-demo.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
/** The oldest that package.json allows, and the newest of each line that is maintained. */
const VERSIONS = ['20.19.0', '22', '24', '26']
const ON_BOTH_DATABASES = ['test/routes/providers.test.ts', 'test/embedded/embedded-database.test.ts']
const RESULTS = path.join(root, '.cache/test/.tap/test-results')
// Of fastify's own tree: light-my-request brings cookie 2, which says that it wants Node 22, and does with cookie 1 as well.
const COOKIE_FOR_NODE_20 = { cookie: '^1.0.2' }

const asked = process.argv.slice(2)
const failures: string[] = []
const npm = await npmCli()
const packed = await mkdtemp(path.join(tmpdir(), 'model-sync-nodes-'))
try {
  for (const version of asked.length > 0 ? asked : VERSIONS) await tryVersion(version)
} finally {
  await rm(packed, { recursive: true, force: true })
}
if (failures.length > 0) {
  console.error(`\nFAILED:\n${failures.join('\n')}`)
  process.exitCode = 1
}

async function tryVersion(version: string): Promise<void> {
  const node = await installNode(version)
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` }
  const { stdout } = await run(node, ['--version'])
  const step = async (what: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now()
    const result = await work().then(
      () => 'ok',
      (error: Error) => {
        failures.push(`Node ${stdout.trim()}, ${what}: ${error.message}`)
        return 'FAILED'
      },
    )
    console.log(
      `--- Node ${stdout.trim()}, ${what}: ${result}, ${Math.round((performance.now() - startedAt) / 1000)} s`,
    )
  }
  await step('build', () => run(node, ['scripts/build.js'], { cwd: root, env }))
  await step('tests', () => runTests(node, env))
  await step('demo', () => tryDemo(node, ['--import', 'tsx', 'demo/demo.ts'], { cwd: root, env }))
  await step('packed package', () => tryPacked(node, env))
}

/** @returns the program */
async function installNode(version: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const folder = path.join(root, '.cache/nodes', version)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{}')
  const name = `node-${platform}-${process.arch}`
  await run(
    process.execPath,
    [npm, 'install', '--ignore-scripts', '--no-audit', '--no-fund', `node@npm:${name}@${version}`],
    { cwd: folder },
  )
  return path.join(folder, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

async function runTests(node: string, env: NodeJS.ProcessEnv): Promise<void> {
  await rm(RESULTS, { recursive: true, force: true })
  const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const pure = [...(scripts['test:fast'] ?? '').matchAll(/test\/[^\s"]+/g)].map(([glob]) => glob).slice(1)
  const args = ['--import', 'tsx', 'test/run.ts', '--reporter=terse', ...pure, ...ON_BOTH_DATABASES]
  const child = spawn(node, args, { cwd: root, env: { ...env, CI: 'true' }, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  const { stdout } = await run(node, ['scripts/ci-count.js', RESULTS], { cwd: root })
  const [passed = 0, failed = 0, skipped = 0] = stdout.trim().split(' ').map(Number)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  if (code !== 0 || failed > 0 || skipped > 0 || passed === 0) throw new Error(`${failed} failed, ${skipped} skipped`)
}

/** Installs the package with --engine-strict, so that none of its dependencies refuses this version, and loads each entry. */
async function tryPacked(node: string, env: NodeJS.ProcessEnv): Promise<void> {
  const host = await mkdtemp(path.join(packed, 'host-'))
  const { stdout } = await run(node, [npm, 'pack', '--json', '--ignore-scripts', '--pack-destination', host], {
    cwd: root,
    env,
  })
  const [{ filename } = { filename: '' }] = JSON.parse(stdout) as { filename: string }[]
  const overrides = path.basename(path.resolve(node, '../../../..')).startsWith('20.') ? COOKIE_FOR_NODE_20 : {}
  await writeFile(path.join(host, 'package.json'), JSON.stringify({ type: 'module', overrides }))
  const install = ['install', '--engine-strict', '--no-audit', '--no-fund', `./${filename}`, 'fastify@5', 'pg@8']
  await run(node, [npm, ...install], { cwd: host, env })
  const entries = ['', '/client', '/direct'].map((entry) => `import('fastify-model-sync${entry}')`)
  await run(node, ['--input-type=module', '--eval', `await Promise.all([${entries.join()}])`], { cwd: host, env })
  const required = `const { default: plugin } = require('fastify-model-sync'); if (typeof plugin !== 'function') throw new Error('no plugin')`
  await run(node, ['--input-type=commonjs', '--eval', required], { cwd: host, env })
  await run(node, ['node_modules/fastify-model-sync/dist/cli.js', '--help'], { cwd: host, env })
}

async function npmCli(): Promise<string> {
  if (process.env.npm_execpath !== undefined) return process.env.npm_execpath
  const { stdout } = await run('npm', ['root', '--global'])
  return path.join(stdout.trim(), 'npm/bin/npm-cli.js')
}
