/** The documents: links, .env.example, SECURITY.md, and what package.json promises. `documentation/` has the reference and the examples. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { environmentVariables, optionVariables } from '../src/options.js'
import { readServerOptions, serverOptionsFromEnv } from '../src/options.js'
import { VERSION } from '../src/version.js'
import { defaultOf } from './support/documented-options.js'

const ROOT = new URL('../', import.meta.url)
const REPOSITORY = 'https://github.com/fastify-model-sync/fastify-model-sync/blob/main/'
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...(readdirSync(new URL('docs/', ROOT), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]

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

t.test('links lead somewhere', async (t) => {
  const anchors = new Map(DOCUMENTS.map((document) => [document, anchorsOf(document)]))
  for (const document of DOCUMENTS) {
    for (const [, link = ''] of withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      // The site has no page for what lies beside docs/, so that its pages name the repository.
      const target = link.startsWith(REPOSITORY) ? `/${link.slice(REPOSITORY.length)}` : link
      if (/^https?:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const place =
        file === ''
          ? document
          : file.startsWith('/')
            ? file.slice(1)
            : path.posix.join(path.posix.dirname(document), file)
      t.ok(existsSync(new URL(place, ROOT)), `${document} → ${link}`)
      if (anchor !== undefined) t.ok(anchors.get(place)?.includes(anchor), `${document} → ${link}: the heading`)
      if (document.startsWith('docs/'))
        t.match(place, /^docs\/|^[^/]+$/, `${document} → ${link}: on the site, or at the repository's address`)
    }
  }
})

t.test('README.md fits on a page or two, and works on npm as well', async (t) => {
  const text = read('README.md')
  t.ok(Buffer.byteLength(text) <= 10 * 1024, `${Buffer.byteLength(text)} bytes`)
  const { files } = JSON.parse(read('package.json')) as { files: string[] }
  // npm packs the licence by itself.
  const packed = [...files.filter((name) => !name.startsWith('!')), 'LICENSE']
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g))
    t.ok(/^https:/.test(target) || packed.includes(target.split(/[/#]/)[0] ?? ''), `${target} comes with the package`)
})

t.test('each page of docs/ can be found from docs/index.md', async (t) => {
  const found = new Set(['docs/index.md'])
  for (const document of found)
    for (const [, link = ''] of withoutCode(read(document)).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
      const place = path.posix.join(path.posix.dirname(document), link)
      if (DOCUMENTS.includes(place)) found.add(place)
    }
  t.same(
    DOCUMENTS.filter((document) => document.startsWith('docs/') && !found.has(document)),
    [],
  )
})

t.test('no table by hand is wider than three columns', async (t) => {
  for (const document of DOCUMENTS.filter((name) => name.startsWith('docs/')))
    for (const row of withoutCode(read(document))
      .split('\n')
      .filter((line) => line.startsWith('|')))
      if (row.replaceAll('\\|', '').split('|').length > 5) t.fail(`${document}: ${row}`)
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

/** GitHub's, of each heading: lower case, without punctuation, spaces as hyphens; one that comes again has a number. */
function anchorsOf(file: string): string[] {
  const seen = new Map<string, number>()
  return [...withoutCode(read(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\w\s-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    const times = seen.get(anchor) ?? 0
    seen.set(anchor, times + 1)
    return times === 0 ? anchor : `${anchor}-${times}`
  })
}

/** Without fenced blocks, in which a # is a comment. */
function withoutCode(text: string): string {
  return text.replaceAll(/^( *)```.*?^\1```$/gms, '')
}
