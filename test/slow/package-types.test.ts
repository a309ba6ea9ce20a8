/** The packed package as TypeScript and CommonJS hosts see it. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import t from 'tap'
import { syncSchema } from '../../src/options/options-schema.js'
import { documented } from '../support/documented.js'
import { exec, packedHost, root } from './packed-host.js'

// The compiler runs three times.
t.setTimeout(400_000)
const host = await packedHost(t, ['@types/pg', '@types/node', '@fastify/postgres', '@fastify/schedule'])
const STRICT = {
  strict: true,
  skipLibCheck: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: ['node'],
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
}
const NODE = { module: 'node16', moduleResolution: 'node16' }
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' }
// TypeScript 6 takes it only with this.
const NODE10 = { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true, ignoreDeprecations: '6.0' }

/** What the compiler says of these files in the host. */
async function compile(name: string, options: object, files: Record<string, string>): Promise<string> {
  const sources = Object.entries(files).map(([file, text]) => writeFile(path.join(host, file), text))
  const config = path.join(host, `tsconfig.${name}.json`)
  await Promise.all([
    ...sources,
    writeFile(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) })),
  ])
  return exec(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', config]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
}

const [example = ''] = documented('README.md', 'ts')
const ENTRIES = `
import { createModelSyncClient } from 'fastify-model-sync/client'
import { directModels, type DirectModelsOptions } from 'fastify-model-sync/direct'
import type { RefreshModelsButton } from 'fastify-model-sync/refresh-models-button'
const options: DirectModelsOptions = { url: undefined, cacheTtlSeconds: undefined, defaults: { chat: undefined } }
export const { resolve } = directModels(options)
export const client = createModelSyncClient({ baseUrl: '/', token: undefined })
export type Button = RefreshModelsButton
`

const SHAPES = `
import type { Model, ModelEdit, ModelsQuery, Run, SyncResult } from 'fastify-model-sync/client'
export const query: ModelsQuery = { search: undefined, mode: 'chat', limit: undefined }
export const edit: ModelEdit = { name: 'x', capabilities: { vision: true }, unpin: undefined }
export const vision = ({ capabilities }: Model): boolean | null => capabilities.vision
export const result = ({ result }: Run): SyncResult | null => result
export const status = ({ problems: [first] }: SyncResult): number | null =>
  first?.code === 'upstream-status' ? first.facts.status : null
// @ts-expect-error a type that cannot be read would take anything
export const model: Model = { id: 1 }
// @ts-expect-error the same
export const sorted: ModelsQuery = { sort: 1 }
`

t.test('Are The Types Wrong? finds nothing', async (t) => {
  const tarball = (await readdir(host)).find((name) => name.endsWith('.tgz')) ?? ''
  const analysis = await checkPackage(createPackageFromTarballData(await readFile(path.join(host, tarball))))
  t.ok(analysis.types, 'the package has types')
  t.strictSame('problems' in analysis ? analysis.problems : null, [])
})
const undefineds = (names: string[]): string => names.map((name) => `${name}: undefined`).join(', ')
const NAMES = Object.keys(syncSchema.properties).filter((name) => name !== 'litellm')
const ROOMS = ['catalogue', 'names', 'news', 'prices', 'probes', 'providers', 'runs', 'sync', 'triggers', 'userKeys']
const OPTIONS = `
  import Fastify from 'fastify'
  import modelSync, { type ModelSyncOptions, type ModelSync } from 'fastify-model-sync'
  export const all: ModelSyncOptions = {
    allowUnauthenticated: true,
    litellm: { url: undefined, apiKey: undefined },
    ${undefineds([...NAMES, 'authorize', 'authorizeRead', 'authorizeUser', 'credentials', 'sources', 'user', 'allowedOrigins', 'onApply', 'impact', 'settingsPage'])}
  }
  declare const sync: ModelSync
  const maybe = undefined as string | undefined
  await sync.syncModels({ dryRun: undefined, planHash: maybe, userId: maybe, signal: undefined })
  await sync.resolve('x', { type: maybe, strict: undefined, viewer: maybe })
  await sync.prices.cost({ model: 'x', inputTokens: undefined, at: maybe, viewer: maybe })
  await sync.catalogue.models({ search: maybe, limit: undefined, cursor: maybe, sort: maybe })
  await sync.catalogue.changelog.changes({ model: maybe, cursor: maybe })
  await sync.sync.undo('x', { dryRun: undefined, planHash: maybe })
  sync.triggers.syncIfStale({ userId: maybe, maxAgeDays: undefined })
  ${ROOMS.map((room) => `// @ts-expect-error a room whose declaration is missing has every member\n  sync.${room}.nothing()`).join('\n  ')}
  // @ts-expect-error everybody could write
  void Fastify().register(modelSync, { databaseUrl: 'postgres://localhost/x' })
  // @ts-expect-error everybody could write
  void Fastify().register(modelSync, { allowUnauthenticated: false })
  // @ts-expect-error everybody could write
  export const open: ModelSyncOptions = { authorize: undefined }
  export const closed: ModelSyncOptions = { authorize: async () => {} }
`
const COMMONJS = `
  import Fastify = require('fastify')
  import modelSync = require('fastify-model-sync')
  import direct = require('fastify-model-sync/direct')
  const options: modelSync.ModelSyncOptions = { ...modelSync.optionsFromEnv(), allowUnauthenticated: true }
  const app = Fastify()
  void app.register(modelSync, options)
  void app.register(modelSync.default, options)
  export const names: [typeof modelSync.ResolveError, typeof direct.directModels] = [modelSync.ResolveError, direct.directModels]
  export const result = (): Promise<modelSync.SyncResult> => app.modelSync.syncModels()
`

t.test(
  'a host’s own sources compile: the README’s example, each option undefined, require(); with exactOptionalPropertyTypes',
  async (t) => {
    const files = {
      'readme.mts': example,
      'entries.mts': ENTRIES,
      'shapes.mts': SHAPES,
      'options.mts': OPTIONS,
      'host.cts': COMMONJS,
    }
    // Our own declarations are looked at too.
    t.equal(await compile('node16', { ...NODE, skipLibCheck: false }, files), '')
  },
)

t.test('under the resolution of bundlers, and that of old compilers', async (t) => {
  t.equal(await compile('bundler', BUNDLER, { 'readme.mts': example, 'entries.mts': ENTRIES }), '', 'bundler')
  const main = `import modelSync, { type SyncResult } from 'fastify-model-sync'\nexport type R = SyncResult\nexport { modelSync }\n`
  t.equal(await compile('node10', NODE10, { 'entries10.ts': ENTRIES, 'main10.ts': main }), '', 'node10')
})

t.test('the declarations name no package that a host lacks', async (t) => {
  const dist = path.join(host, 'node_modules/fastify-model-sync/dist')
  const files = (await readdir(dist, { recursive: true })).filter((file) => /\.d\.c?ts$/.test(file))
  t.ok(files.length > 10, `${files.length} files`)
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(dist, file), 'utf8') })),
  )
  t.strictSame(
    texts.filter(({ text }) => /typebox|Static</.test(text)).map(({ file }) => file),
    [],
  )
})

t.test('CommonJS: require gives the plugin, with the other names on it', async (t) => {
  await writeFile(
    path.join(host, 'host.cjs'),
    `const Fastify = require('fastify')
    const modelSync = require('fastify-model-sync')
    const { default: again, optionsFromEnv } = require('fastify-model-sync')
    const { directModels } = require('fastify-model-sync/direct')
    const { createModelSyncClient } = require('fastify-model-sync/client')
    const app = Fastify()
    app.register(modelSync, { databaseUrl: 'postgres://127.0.0.1:1/x', allowUnauthenticated: true })
    app.ready((error) => {
      import('fastify-model-sync').then((names) =>
        console.log(error.code, typeof modelSync, again === modelSync, names.default === modelSync,
          typeof optionsFromEnv, typeof directModels, typeof createModelSyncClient))
    })`,
  )
  const { stdout } = await exec(process.execPath, ['host.cjs'], { cwd: host })
  t.equal(stdout.trim(), 'FST_MODEL_SYNC_DATABASE function true true function function function')
})
