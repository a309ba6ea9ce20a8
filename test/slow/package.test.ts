/** The package as it is published, built by `npm run build`: what is in it, and that each of its entries stands by itself. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { publint } from 'publint'
import t from 'tap'
import { documented } from '../support/documented.js'
import { json, loopback } from '../support/loopback.js'
import { exec, manifest, root } from './packed-host.js'

// Beyond the fetch, of a process of its own; its own CPU time, since what else the machine does is none of ours.
const COLD_START_MS = 50

if (!existsSync(path.join(root, 'dist/index.js'))) t.bailout('there is no dist/ to look at: npm run build')

/** Runs a module in a process of its own that finds the package by its name. */
async function runModule(source: string): Promise<string> {
  const { stdout } = await exec(process.execPath, ['--input-type=module', '--eval', source], { cwd: root })
  return stdout.trim()
}

/** Files that conditions and paths lead to, however deep. */
function targetsOf(target: unknown): string[] {
  return typeof target === 'string' ? [target] : Object.values(target as object).flatMap(targetsOf)
}

t.test('what is in it', async (t) => {
  const { stdout } = await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[]
  const files = new Set(packed?.files.map((file) => file.path))
  for (const target of targetsOf([manifest.exports, manifest.bin]))
    t.ok(files.has(path.posix.normalize(target)), target)
  for (const name of [
    'README.md',
    'LICENSE',
    'SECURITY.md',
    'THIRD-PARTY-LICENSES.md',
    '.env.example',
    'CHANGELOG.md',
    'dist/settings-page/index.html',
  ])
    t.ok(files.has(name), name)
  // What the README leads to; not how its site is built.
  for (const entry of readdirSync(path.join(root, 'docs'), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const name = path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/')
      t.equal(files.has(name), !name.startsWith('docs/.vitepress/'), name)
    }
  for (const name of readdirSync(path.join(root, 'src/store/migrations')))
    t.ok(files.has(`dist/store/migrations/${name}`), name)
  // A map leads to sources that are not there.
  t.strictSame(
    [...files].filter(
      (name) =>
        name.endsWith('.map') ||
        (/\.c?js$/.test(name) && readFileSync(path.join(root, name), 'utf8').includes('\n//# sourceMappingURL=')),
    ),
    [],
  )
  t.strictSame(
    [...files].filter((name) => /^(?:src|test|bench|scripts|demo)\//.test(name)),
    [],
    'nothing that is only for development',
  )
})

t.test(
  'code of others is in the settings page and in dist/vendor alone, as THIRD-PARTY-LICENSES.md says',
  async (t) => {
    const files = (readdirSync(path.join(root, 'dist'), { recursive: true }) as string[]).filter(
      (name) => /\.c?js$/.test(name) && !/^(?:vendor|settings-page)\b/.test(name),
    )
    t.ok(files.length > 100, `${files.length} files`)
    // Of each module that it takes in, esbuild says where it comes from.
    for (const name of files)
      if (/^\/\/ .*node_modules\//m.test(readFileSync(path.join(root, 'dist', name), 'utf8'))) t.fail(name)
  },
)

t.test('publint finds nothing', async (t) => {
  const { messages } = await publint({ pkgDir: root, strict: true })
  t.strictSame(messages, [])
})

t.test('types: each package that the declarations name comes along, or the host has it', async (t) => {
  const declarations = (readdirSync(path.join(root, 'dist'), { recursive: true }) as string[]).filter((name) =>
    name.endsWith('.d.ts'),
  )
  const named = new Set<string>()
  for (const name of declarations)
    for (const [, from = ''] of readFileSync(path.join(root, 'dist', name), 'utf8').matchAll(
      /(?:from|import\() ?'((?:@[^/']+\/)?[^./'][^/']*)/g,
    ))
      if (!from.startsWith('node:')) named.add(from)
  t.ok(named.has('fastify'))
  const comes = { ...manifest.dependencies, ...manifest.peerDependencies }
  for (const name of named) {
    t.ok(name in comes, name)
    const own = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
      types?: string
      typings?: string
      exports?: unknown
    }
    const typed = own.types ?? own.typings ?? (JSON.stringify(own.exports ?? '').includes('.d.') || undefined)
    t.ok(typed !== undefined || `@types/${name}` in comes, `the types of ${name}`)
  }
})

t.test('types: the examples of the docs compile', async (t) => {
  // Within the package, where its own name leads to it.
  const folder = path.join(root, '.cache/documented')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const given = 'declare const session: { token: string }\ndeclare const signal: AbortSignal\n'
  const [client] = documented('docs/guide/front-ends.md', 'ts')
  const [button = ''] = documented('docs/guide/front-ends.md', 'tsx')
  await writeFile(path.join(folder, 'client.ts'), `${given}${client}`)
  await writeFile(path.join(folder, 'button.tsx'), button)
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        target: 'es2022',
        lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
        jsx: 'react-jsx',
        types: [],
      },
      include: ['.'],
    }),
  )
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  const said = await exec(process.execPath, [compiler, '-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  t.equal(said, '')
})

t.test('each entry', async (t) => {
  t.equal(
    await runModule(`const { default: plugin } = await import('fastify-model-sync'); console.log(typeof plugin)`),
    'function',
  )
  t.equal(
    await runModule(
      `const { createModelSyncClient } = await import('fastify-model-sync/client'); console.log(typeof createModelSyncClient)`,
    ),
    'function',
  )
  const { stdout } = await exec(process.execPath, [path.join(root, manifest.bin['model-sync'] ?? ''), '--help'])
  t.match(stdout, /model-sync/)
})

t.test('direct: from a cold start to the first answer', async (t) => {
  const server = await loopback(t, (_request, response) =>
    json(response, { models: [{ Id: '0xb6', Name: 'venice-uncensored', ModelType: 'LLM' }] }),
  )
  const source = `
    const { user, system } = process.cpuUsage()
    const spent = () => (process.cpuUsage().user - user + process.cpuUsage().system - system) / 1000
    const { directModels } = await import('fastify-model-sync/direct')
    let fetching = 0
    const models = directModels({
      env: {},
      url: ${JSON.stringify(server.url)},
      fetch: async (...asked) => {
        const before = spent()
        const response = await fetch(...asked)
        const body = await response.arrayBuffer()
        fetching = spent() - before
        return new Response(body, response)
      },
    })
    const { id } = await models.resolve('venice-uncensored')
    console.log(JSON.stringify({ id, ms: spent() - fetching }))`
  const runs: { id: string; ms: number }[] = []
  for (let run = 0; run < 5; run += 1) runs.push(JSON.parse(await runModule(source)) as { id: string; ms: number })
  t.equal(runs[0]?.id, 'morpheus/0xb6')
  const shortest = Math.min(...runs.map(({ ms }) => ms))
  t.ok(shortest <= COLD_START_MS, `${Math.round(shortest)} ms of CPU beyond the fetch, of ${COLD_START_MS}`)
})
