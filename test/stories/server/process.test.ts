/** The reference backend as a process: where it cannot listen, what it makes of other programs' HOST, Ctrl-C, its log. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { explainListenError } from '../../../src/server/listen-error.js'
import { usableHost } from '../../../src/server/listen-host.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { program } from '../../support/program.js'
import { ROOT } from '../../support/root.js'

const SERVER = program(new URL('../../../src/server.js', import.meta.url))
const SCRIPT = '/usr/bin/script'

type Env = Record<string, string>

async function folder(t: Pick<Test, 'teardown'>): Promise<string> {
  const created = await mkdtemp(path.join(tmpdir(), 'model-sync-process-'))
  t.teardown(() => rm(created, { recursive: true, force: true }))
  return created
}

async function run(t: Test, env: Env) {
  const child = spawn(process.execPath, [...SERVER.execArgv, SERVER.file], {
    cwd: await folder(t),
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), PORT: '0', MODEL_SYNC_ON_STARTUP: 'false', ...env },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(([code]: unknown[]) => code as number | null)
  const prints = async (text: string) => {
    while (!output.includes(text) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { child, ended, prints, output: () => output }
}

t.test(
  'a port that is taken, an address of another machine, a name that nobody knows: the variable to set',
  async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    t.teardown(() => taken.close())
    const { port } = taken.address() as AddressInfo
    const DATABASE_URL = 'postgres://127.0.0.1:9/x'
    for (const [env, message] of [
      [
        { PORT: String(port) },
        `PORT (port) is ${port}, and something listens at 127.0.0.1:${port} already: stop it, or set PORT to a free port (0: any)\n`,
      ],
      [
        { HOST: '192.0.2.1' },
        'HOST (host) is "192.0.2.1", which is no address of this machine: expected an address of this machine',
      ],
      [{ HOST: 'no-such-host.invalid' }, 'HOST (host) is "no-such-host.invalid", a name that cannot be resolved'],
      [
        { MODEL_SYNC_MAXX: '1', HOST: '192.0.2.1' },
        'there is no variable MODEL_SYNC_MAXX; did you mean MODEL_SYNC_MAX',
      ],
    ] as const) {
      const { ended, output } = await run(t, { DATABASE_URL, ...env })
      t.equal(await ended, 1, message)
      t.ok(output().startsWith(message), output())
      t.notMatch(output(), /^ +at /m, 'no stack')
    }
    const forbidden = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
    t.match(explainListenError(forbidden, { host: '::1', port: 80 }), {
      code: 'EACCES',
      message: /^PORT \(port\) is 80, which this user may not open at \[::1\]:80: set PORT to one above 1023/,
    })
  },
)

t.test('a data directory that no folder can be made for, and options that do not fit: at once', async (t) => {
  for (const [env, message] of [
    [{ MODEL_SYNC_DATA_DIR: '/proc/model-sync/data' }, /data directory \/proc\/model-sync\/data cannot be used/],
    [{ MODEL_SYNC_DATA_DIR: SERVER.file }, /data directory .* cannot be used \(ENOTDIR/],
    [{ MODEL_SYNC_NEWS: '{"ops": {"type": "webhook"}}' }, /^MODEL_SYNC_NEWS \(news\.ops\): a webhook needs a `url`/],
    [{ MODEL_SYNC_TLS_CA: '/no/such/file.pem' }, /MODEL_SYNC_TLS_CA .*cannot be read/],
  ] as [Env, RegExp][]) {
    const { ended, output } = await run(t, env)
    t.equal(await ended, 1)
    t.match(output(), message)
    t.notMatch(output(), /Creating the embedded database|^ +at /m)
  }
})

t.test('HOST as conda and csh set it is not where to listen, and said', async (t) => {
  const told: string[] = []
  const log = { warn: (_facts: object, line: string) => void told.push(line) } as never
  for (const host of [
    'x86_64-conda-linux-gnu',
    'x86_64-apple-darwin13.4.0',
    'arm64-apple-darwin20.0.0',
    'aarch64-conda_cos7-linux-gnu',
    hostname(),
  ])
    t.equal(usableHost(host, log), '127.0.0.1', host)
  t.equal(told.length, 5)
  t.match(told[0], 'HOST is "x86_64-conda-linux-gnu", which is no address')
  t.equal(usableHost('[::1]', log), '::1', 'as it stands in a URL')
  for (const host of ['0.0.0.0', '::', '10.1.2.3', 'localhost', 'db.example.com']) t.equal(usableHost(host, log), host)
  t.equal(told.length, 5)

  const database = await createPostgresDatabase(t, { empty: true })
  const { child, ended, prints, output } = await run(t, {
    DATABASE_URL: database.url!,
    HOST: 'x86_64-conda-linux-gnu',
    LOG_LEVEL: 'INFO',
  })
  await prints('The model catalogue is in')
  t.match(output(), /^Settings page: http:\/\/127\.0\.0\.1:\d+\/settings$/m)
  t.match(output(), /"level":40.*HOST is \\"x86_64-conda-linux-gnu\\"/)
  // Until it serves, it is starting, and a signal ends it as interrupted.
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? ''
  while ((await fetch(`${origin}/models/health`)).status !== 200) await delay(50)
  for (const path of ['/v1/models/%E0%A4%A', '/v1/models/%', '/models/%E0%A4%A', '/v1/modelsx/%zz']) {
    const answer = await fetch(origin + path)
    const message = /the path holds a % that is no escape/
    t.equal(answer.status, 400)
    t.match(
      await answer.json(),
      path.startsWith('/v1/models/')
        ? { error: { message, type: 'invalid_request_error', param: null, code: 'FST_MODEL_SYNC_BAD_URL' } }
        : { statusCode: 400, code: 'FST_MODEL_SYNC_BAD_URL', error: 'Bad Request', message },
      path,
    )
  }
  child.kill('SIGTERM')
  t.equal(await ended, 0)
})

t.test('Ctrl-C while it starts: 130, SIGTERM: 143, and no stack', async (t) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    // Waiting for a database, and while the embedded one is being made.
    for (const [env, until] of [
      [{ DATABASE_URL: 'postgres://127.0.0.1:9/x' }, 'The database is away'],
      [{}, 'Creating the embedded database'],
    ] as const) {
      const { child, ended, prints, output } = await run(t, env)
      await prints(until)
      child.kill(signal)
      t.equal(await ended, code, `${signal} after ${until}`)
      t.notMatch(output(), /^ +at |Error|abort/im)
    }
  }
})

t.test(
  'on a terminal the log is readable, elsewhere JSON',
  { skip: !existsSync(SCRIPT) && `there is no ${SCRIPT}` },
  async (t) => {
    const cwd = await folder(t)
    const command = [process.execPath, ...SERVER.execArgv, SERVER.file].map((word) => `'${word}'`).join(' ')
    const child = spawn(SCRIPT, ['-qec', command, '/dev/null'], {
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        TMPDIR: tmpdir(),
        PORT: '0',
        TERM: 'dumb',
        DATABASE_URL: 'postgres://127.0.0.1:9/x',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    let output = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk as string
      if (output.includes('The database is away')) break
    }
    t.match(output, /WARN.*The database is away; trying again/)
    t.notMatch(output, '"level":')
    t.match(output, /Settings page: http:\/\/127\.0\.0\.1:\d+\/settings#token=/, 'a person reads along')
  },
)

t.test('npm start in a folder that is not built says what to run', async (t) => {
  const copy = await folder(t)
  await mkdir(path.join(copy, 'scripts'))
  const script = path.join(copy, 'scripts/check-build.js')
  await cp(fileURLToPath(new URL('scripts/check-build.js', ROOT)), script)
  const check = () =>
    new Promise<{ code: number; stderr: string }>((resolve) =>
      execFile(process.execPath, [script], (error, _stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      ),
    )
  t.match(await check(), {
    code: 1,
    stderr: /^The server is not built: dist\/server\.js, .* Run npm run build, then npm start again\.\n$/,
  })
  await mkdir(path.join(copy, 'dist/store/migrations'), { recursive: true })
  await cp(script, path.join(copy, 'dist/server.js'))
  t.match(await check(), { code: 1, stderr: /dist\/settings-page\/index\.html/ }, 'without its page alone')
  await mkdir(path.join(copy, 'dist/settings-page'))
  await cp(script, path.join(copy, 'dist/settings-page/index.html'))
  t.match(await check(), { code: 0, stderr: '' })

  await cp(fileURLToPath(new URL('scripts/build.js', ROOT)), path.join(copy, 'scripts/build.js'))
  const build = (...args: string[]) =>
    new Promise<{ code: number; stderr: string }>((resolve) =>
      execFile(process.execPath, [path.join(copy, 'scripts/build.js'), ...args], (error, _stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      ),
    )
  t.match(await build(), { code: 1, stderr: /typescript, esbuild, vite are not installed.*npm run build/ })
  t.match(
    await build('--if-possible'),
    { code: 0, stderr: /npm run build/ },
    'as part of an installation it is no error',
  )
})
