/** Optional packages: what is said when one is missing, and that package.json, the guide and the messages name the same versions. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { loadOptional, OPTIONAL_PACKAGES } from '../src/optional-package.js'
import { ROOT } from './support/root.js'

const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8')
const { peerDependencies, peerDependenciesMeta, devDependencies } = JSON.parse(read('package.json')) as Record<
  'peerDependencies' | 'peerDependenciesMeta' | 'devDependencies',
  Record<string, unknown>
>
const part = { part: 'News by e-mail', packages: ['nodemailer'], instead: 'use a webhook' } as const

t.test('only the package itself: what it fails to load is its own error', async (t) => {
  const missing = (name: string) =>
    Object.assign(new Error(`Cannot find package '${name}' imported from /app/index.js`), {
      code: 'ERR_MODULE_NOT_FOUND',
    })
  await t.rejects(
    loadOptional(part, () => Promise.reject(missing('nodemailer'))),
    {
      code: 'FST_MODEL_SYNC_MISSING_PACKAGE',
      message:
        'News by e-mail needs nodemailer, which is not installed. Run npm install nodemailer@10, or use a webhook',
    },
  )
  await t.rejects(
    loadOptional(part, () => Promise.reject(missing('punycode'))),
    { message: /punycode/ },
  )
  await t.rejects(
    loadOptional(part, () => Promise.reject(new Error('bad syntax'))),
    { message: 'bad syntax' },
  )
})

t.test('one list of optional packages', async (t) => {
  // Readable log lines are a nicety: they come when pino-pretty is there, and nobody is asked to install it.
  const unasked = ['pino-pretty']
  const optional = Object.keys(peerDependenciesMeta).filter(
    (name) => !name.startsWith('@types/') && !unasked.includes(name),
  )
  t.strictSame(Object.keys(OPTIONAL_PACKAGES).sort(), optional.sort())
  for (const [name, specifier] of Object.entries(OPTIONAL_PACKAGES)) {
    const version = specifier.slice(name.length + 1)
    const range = String(peerDependencies[name])
    t.ok(
      range === version || range.includes(`^${version}.`) || range.startsWith('>='),
      `${specifier} is within ${range}`,
    )
    t.ok(name in devDependencies, `${name} is here for the tests`)
    if (!name.startsWith('@fastify/')) t.match(read('docs/guide/embed-in-fastify.md'), specifier)
  }
  const socket = JSON.parse(read('node_modules/@electric-sql/pglite-socket/package.json')) as {
    peerDependencies: Record<string, string>
  }
  t.equal(socket.peerDependencies['@electric-sql/pglite'], peerDependencies['@electric-sql/pglite'], 'the pair')
})
