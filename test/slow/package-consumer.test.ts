/** The tarball as somebody installs it: in an empty folder, from the registry that npm is set to, without the overrides of this repository. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { notPermissive } from '../../scripts/permissive-licenses.js'
import { createPostgresDatabase } from '../support/databases.js'
import { exec, manifest, root } from './packed-host.js'

interface Installed {
  version: string
  deprecated?: string
  hasInstallScript?: boolean
}

const isReachable = await exec('npm', ['view', 'fastify', 'version'], { cwd: root }).then(
  () => true,
  () => false,
)
if (!isReachable && process.env['CI'] !== 'true') t.pass('skipped', { skip: 'npm reaches no registry' })
else await tryInstall()

async function tryInstall(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-consumer-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  const { stdout } = await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  })
  const [packed] = JSON.parse(stdout) as { filename: string }[]
  await exec('npm', ['install', '--no-audit', '--no-fund', `./${packed?.filename}`], { cwd: folder })
  const { packages } = read(folder, 'node_modules/.package-lock.json') as { packages: Record<string, Installed> }
  const found = Object.entries(packages).map(([place, installed]) => ({
    ...installed,
    place,
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
  }))
  const others = found.filter(({ name }) => name !== 'fastify-model-sync')

  t.test('the tree is one that our tests run on: no override of ours reaches it', async (t) => {
    for (const name of Object.keys(manifest.dependencies))
      t.ok(
        others.some((one) => one.name === name),
        name,
      )
    for (const name of Object.keys(manifest.overrides ?? {}))
      t.notOk(
        others.some((one) => one.name === name),
        `${name}, which package.json overrides`,
      )
  })

  t.test('its author has given up none of it, and none of it runs a script when it is installed', async (t) => {
    t.same(
      others.filter(({ deprecated }) => deprecated !== undefined),
      [],
    )
    t.same(
      found.filter(({ hasInstallScript }) => hasInstallScript),
      [],
    )
  })

  t.test('every licence is permissive, whatever version is newest', async (t) => {
    t.same(notPermissive(others.map(({ place }) => read(folder, `${place}/package.json`) as Named)), [])
  })

  t.test('a host of it serves', async (t) => {
    const { url = '' } = await createPostgresDatabase(t, { empty: true })
    const source = `
      const { fastify } = await import('fastify')
      const { default: modelSync } = await import('fastify-model-sync')
      const app = fastify()
      const databaseUrl = process.env.DATABASE_URL
      await app.register(modelSync, { databaseUrl, allowUnauthenticated: true, syncOnStartup: false })
      const page = await app.inject('/settings')
      const models = await app.inject({ url: '/models', cookies: { session: 'x' } })
      console.log(page.statusCode, models.statusCode, models.json().total)
      await app.close()`
    const { stdout } = await exec(process.execPath, ['--input-type=module', '--eval', source], {
      cwd: folder,
      env: { PATH: process.env['PATH'], DATABASE_URL: url ?? '' },
    })
    t.equal(stdout.trim(), '200 200 0')
  })
}

interface Named {
  name: string
  license?: unknown
}

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'))
}
