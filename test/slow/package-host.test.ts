/** What a host gets with the package, and what it is told about the parts that it did not install. */
import path from 'node:path'
import t from 'tap'
import { installedPackages } from '../../scripts/installed-packages.js'
import { createPostgresDatabase } from '../support/databases.js'
import { exec, manifest, packedHost, root, sizeOf } from './packed-host.js'

const host = await packedHost(t)
// 1 MB = 1,000,000 bytes. What fastify and pg bring anyway is not counted.
const MOST_MEGABYTES = 15
const modules = path.join(host, 'node_modules')

async function run(source: string, env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: host, env: { PATH: process.env['PATH'] ?? '', ...env } }
  const { stdout } = await exec(process.execPath, ['--input-type=module', '--eval', source], options)
  return stdout.trim()
}

t.test('one Fastify, one pg, and every peer within its range', async (t) => {
  const { stdout } = await exec('npm', ['ls', 'fastify', 'pg', '--all', '--json'], { cwd: host })
  t.strictSame((JSON.parse(stdout) as { problems?: string[] }).problems ?? [], [])
  for (const name of ['fastify', 'pg']) t.notOk(name in manifest.dependencies, `${name} is the host's`)
  t.same(
    [...installedPackages(root, Object.keys(manifest.dependencies))].filter((folder) => /\/(fastify|pg)$/.test(folder)),
    [],
  )
})

t.test(`it takes at most ${MOST_MEGABYTES} MB of a host's node_modules`, async (t) => {
  const own = [...installedPackages(root, ['fastify', 'pg'])].filter(
    (folder) => folder.lastIndexOf('node_modules/') === 0,
  )
  const bytes = sizeOf(modules) - own.reduce((sum, folder) => sum + sizeOf(path.join(host, folder)), 0)
  t.ok(bytes <= MOST_MEGABYTES * 1_000_000, `${(bytes / 1_000_000).toFixed(1)} MB`)
  t.ok(bytes > 1_000_000, 'something was measured')
})

t.test('without a database address: which packages the embedded database needs, and how to install them', async (t) => {
  const said = await run(`
    import Fastify from 'fastify'
    import modelSync from 'fastify-model-sync'
    const app = Fastify()
    app.register(modelSync, { dataDir: './data', allowUnauthenticated: true, syncOnStartup: false })
    await app.ready().catch(({ code, message }) => console.log(code, message))
    await app.close().catch(() => undefined)
    process.exit(0)`)
  const { '@electric-sql/pglite': pglite, '@electric-sql/pglite-socket': socket } = manifest.peerDependencies
  t.match(said, 'FST_MODEL_SYNC_MISSING_PACKAGE The embedded database needs')
  t.match(said, `npm install @electric-sql/pglite@${pglite} @electric-sql/pglite-socket@${socket}`)
  const cli = await exec(process.execPath, [path.join(modules, 'fastify-model-sync/dist/cli.js'), 'list'], {
    cwd: host,
    env: { PATH: process.env['PATH'] ?? '' },
  }).catch((error: { code: number; stderr: string }) => error)
  t.match(cli, { code: 1, stderr: /npm install @electric-sql\/pglite@/ })
})

t.test('the reference backend serves without /docs, and /docs says what is missing', async (t) => {
  const { url = '' } = await createPostgresDatabase(t, { empty: true })
  const said = await run(
    `
    const { startServer } = await import('./node_modules/fastify-model-sync/dist/server.js')
    const { pino } = await import('pino')
    const backend = await startServer({ port: 0, dataDir: './data', databaseUrl: process.env.DATABASE_URL, syncOnStartup: false }, pino({ level: 'silent' }))
    await backend.ready
    console.log((await fetch(backend.url + '/models')).status)
    const docs = await fetch(backend.url + '/docs')
    console.log(docs.status, (await docs.json()).message)
    await backend.close()`,
    { DATABASE_URL: url ?? '' },
  )
  t.match(said, /^200\n501 .*npm install @fastify\/swagger@9 @fastify\/swagger-ui@6/)
})

t.test('keys of AWS, credentials of Google and e-mail ask for their packages', async (t) => {
  const dist = './node_modules/fastify-model-sync/dist'
  const said = await run(`
    const { authorizeBedrock } = await import('${dist}/sources/providers/bedrock/authorization.js')
    const { authorizeVertex } = await import('${dist}/sources/providers/google-vertex/authorization.js')
    const { sendMail } = await import('${dist}/services/news/deliver-mail.js')
    const tell = ({ message }) => console.log(message)
    await authorizeBedrock({ key: 'AKIAABCDEFGHIJKLMNOP', settings: { AWS_SECRET_ACCESS_KEY: 'x' }, fetch }).catch(tell)
    await authorizeVertex({ key: 'adc', settings: {}, fetch }).catch(tell)
    await sendMail({ smtpUrl: 'smtp://127.0.0.1:9', from: 'a@example.com', to: ['b@example.com'] }, {}, 100).catch(tell)`)
  const [aws = '', google = '', mail = ''] = said.split('\n')
  t.match(aws, /needs @smithy\/signature-v4.* npm install @smithy\/signature-v4@5/)
  t.match(google, /needs google-auth-library.* npm install google-auth-library@10/)
  t.match(mail, /needs nodemailer.* npm install nodemailer@10/)
})
