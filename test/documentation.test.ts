/** The documentation against the code: variables with their defaults, routes, links, and what package.json promises. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { autoSyncInterval, environmentVariables, optionVariables, providerVariables } from '../src/options.js'
import { readServerOptions, serverOptionsFromEnv } from '../src/options.js'
import { startServer } from '../src/server.js'
import { litellm } from '../src/sources/providers/litellm/litellm.js'
import { VERSION } from '../src/version.js'
import { copyPgliteCluster } from './support/pglite-databases.js'

const ROOT = new URL('../', import.meta.url)
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...(readdirSync(new URL('docs/', ROOT), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]

// Not in the schema: what holds when a variable that has no default of its own is not set.
const IMPLIED: Record<string, string> = {
  LITELLM_SYNC_INTERVAL: String(autoSyncInterval({ autoSync: true })),
  MODEL_SYNC_PROVIDERS: 'litellm',
  LITELLM_API_URL: litellm.baseUrl,
}

t.test('.env.example', async (t) => {
  const example = read('.env.example')
  const lines = [...example.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, off = '', name = '', value = '']) => ({
    name,
    value,
    isSet: off === '',
  }))
  t.same(lines.map(({ name }) => name).sort(), environmentVariables().sort(), 'each variable, once')
  t.same(
    readServerOptions(serverOptionsFromEnv(parseEnv(example) as NodeJS.ProcessEnv)),
    readServerOptions({ autoSync: true, syncIntervalMinutes: 60 }),
    'as it is, it turns the hourly sync on and nothing else',
  )
  const uncommented = example.replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, '')
  const samples = [
    /^(LITELLM_API_KEY=)sk-\.\.\.$/gm,
    /(=|:|whsec_)(?:at-least-16-characters|made-with-openssl-rand-hex-32|MDEyMzQ1[\w=]+|c2VjcmV0[\w=]+)/g,
  ]
  t.throws(
    () => readServerOptions(serverOptionsFromEnv(parseEnv(uncommented) as NodeJS.ProcessEnv)),
    /CRON_SECRET/,
    'a sample is no secret',
  )
  const everything = samples.reduce(
    (text, sample) => text.replaceAll(sample, (_sample, front) => `${front}${randomBytes(32).toString('base64')}`),
    uncommented,
  )
  t.doesNotThrow(
    () => readServerOptions(serverOptionsFromEnv(parseEnv(everything) as NodeJS.ProcessEnv)),
    'all of it together, uncommented, is valid',
  )
  for (const { name, value, isSet } of lines) {
    const expected = optionVariables().includes(name) ? defaultOf(name) : null
    if (!isSet && expected !== null) t.equal(value, expected, `${name} shows its default`)
    const before = example.slice(0, example.indexOf(`${isSet ? '' : '#'}${name}=`))
    t.match(before, /\n# [^\n]+\n$/, `${name} has a comment`)
  }
})

t.test("the README's table of variables", async (t) => {
  const rows = tableRows('README.md').filter(([variable = '']) => /^`[A-Z][A-Z0-9_]*`$/.test(variable))
  t.same(rows.map(([variable = '']) => unquote(variable)).sort(), optionVariables().sort(), 'each variable, once')
  const readme = read('README.md')
  for (const variable of providerVariables())
    t.match(readme, `\`${variable}\``, `${variable} is in the table of providers`)
  for (const [variable = '', option = '', value = ''] of rows) {
    const name = unquote(variable)
    t.equal(value, defaultOf(name) === null ? 'none' : `\`${defaultOf(name)}\``, `${name} has its default`)
    if (option !== '–') t.equal(unquote(option), optionPath(name).join('.'), `${name} has its option`)
  }
})

t.test("the README's table of routes", async (t) => {
  const app = await startBackend(t)
  const paths = app.swagger().paths as Record<string, Record<string, unknown>>
  const served = Object.entries(paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
  )
  t.ok(served.length > 10, 'there are routes')
  const told = tableRows('README.md').flatMap(([cell = '']) => /^`([A-Z]+ \/[^`\s]*)`$/.exec(cell)?.[1] ?? [])
  const documented = told.map((route) => route.replace(/<(\w+)>/g, '{$1}'))
  // The page is HTML, which OpenAPI has nothing to say about.
  t.same(documented.filter((route) => route !== 'GET /settings').sort(), served.sort())
  t.equal((await app.inject('/settings')).headers['content-type'], 'text/html; charset=utf-8')
})

t.test('links lead somewhere', async (t) => {
  for (const document of DOCUMENTS) {
    for (const [, target = ''] of read(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const place = file === '' ? document : path.posix.join(path.posix.dirname(document), file)
      t.ok(existsSync(new URL(place, ROOT)), `${document} → ${target}`)
      if (anchor !== undefined) t.ok(anchorsOf(place).includes(anchor), `${document} → ${target}: the heading`)
    }
  }
})

t.test('SECURITY.md: how to report, and tests that hold each promise', async (t) => {
  const text = read('SECURITY.md')
  const { repository } = JSON.parse(read('package.json')) as { repository: { url: string } }
  const [, place = ''] = /^git\+(https:\/\/github\.com\/[^/]+\/[^/]+)\.git$/.exec(repository.url) ?? []
  t.match(text, `(${place}/security/advisories/new)`, 'in private, in the repository that package.json names')
  t.notMatch(text, /\b[\w.+-]+@[\w-]+\.\w/, 'no address that nobody has')
  const promises = [...text.matchAll(/^(\d+)\. (.+(?:\n {3,}.+)*)/gm)]
  t.strictSame(
    promises.map(([, number]) => Number(number)),
    promises.map((_promise, index) => index + 1),
    'numbered in order',
  )
  t.ok(promises.length >= 22, `${promises.length} promises`)
  for (const [, number, promise = ''] of promises) {
    const tests = [...promise.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file)
    t.ok(tests.length > 0, `${number} names its test`)
    for (const file of tests) t.ok(existsSync(compiled(file)), `${number}: ${file}`)
  }
})

t.test('docs/operate/security.md names variables and options that there are', async (t) => {
  const text = read('docs/operate/security.md')
  const shown = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+|HOST)(?:=[^`]+)?`/g)].map(([, name = '']) => name)
  t.ok(shown.length > 20, `${shown.length} variables`)
  for (const name of new Set(shown)) t.ok(environmentVariables().includes(name.replace(/_FILE$/, '')), name)
  const host = readFileSync(compiled('src/plugin.ts'), 'utf8')
  for (const option of ['authorize', 'authorizeRead', 'authorizeUser', 'user', 'allowUnauthenticated']) {
    t.match(text, `\`${option}`, `${option} is explained`)
    t.match(host, `  ${option}: true`, `${option} is an option`)
  }
  for (const [, row = ''] of text.matchAll(/^(\|.*)$/gm)) t.ok(row.split('|').length <= 5, 'three columns at most')
  for (const who of [
    'Anybody',
    'A reader',
    'A user',
    'An administrator',
    'A scheduler',
    'A provider',
    'The operator of a proxy',
    'Another user',
    'database',
    'backup',
    'logs',
  ])
    t.match(text, new RegExp(`^### .*${who}`, 'm'), who)
})

t.test('package.json', async (t) => {
  const manifest = JSON.parse(read('package.json')) as {
    files: string[]
    license: string
    version: string
    scripts: Record<string, string>
  }
  for (const file of manifest.files.filter((name) => !name.startsWith('!')))
    t.ok(existsSync(new URL(file, ROOT)), `the package's ${file} is there`)
  t.match(read('LICENSE'), manifest.license, 'the licence is the one that is said')
  t.equal(VERSION, manifest.version, 'src/version.ts has this version')
  t.match(read('CHANGELOG.md'), `## [${manifest.version}]`, 'the changelog has this version')
  const commands = DOCUMENTS.flatMap((document) => [
    ...read(document).matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g),
  ])
  for (const name of new Set(commands.map(([, script, short]) => script ?? short ?? '')))
    t.ok(name in manifest.scripts, `npm run ${name} is there`)
})

/** Where a source lies while tests run. */
function compiled(file: string): URL {
  return new URL(file.replace(/\.ts$/, '.js'), ROOT)
}

function read(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8')
}

/** The cells of every table row. */
function tableRows(file: string): string[][] {
  return read(file)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function unquote(cell: string): string {
  return cell.replaceAll('`', '')
}

/** Where the value of a variable goes: "1" can be read as any type but JSON and endpoints. */
function optionPath(variable: string): string[] {
  const path: string[] = []
  let found: unknown
  for (const value of ['1', '{}', 'box=http://127.0.0.1']) {
    try {
      found = serverOptionsFromEnv({ [variable]: value })
      break
    } catch {
      // Another form, then.
    }
  }
  while (typeof found === 'object' && found !== null && !Array.isArray(found)) {
    const [entry] = Object.entries(found)
    if (entry === undefined) break
    path.push(entry[0])
    found = entry[1]
  }
  return path
}

/** As it would be written in the environment; `null`: there is none. */
function defaultOf(variable: string): string | null {
  let found: unknown = readServerOptions({ litellm: {} })
  for (const key of optionPath(variable)) found = (found as Record<string, unknown> | undefined)?.[key]
  const value = found === undefined ? IMPLIED[variable] : String(found)
  return value === undefined || value === '' ? null : value
}

/** GitHub's: lower case, without punctuation, spaces as hyphens. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}

async function startBackend(t: Test): Promise<FastifyInstance> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-docs-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  await copyPgliteCluster(dataDir)
  const backend = await startServer({ port: 0, dataDir, enabled: false }, pino({ level: 'silent' }))
  t.teardown(() => backend.close())
  return backend.ready
}
