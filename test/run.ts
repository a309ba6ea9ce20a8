/** `npm test [tap's arguments]`: compiles the tests, starts what all test files share, runs tap, and removes everything again, however it ends. */
import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, constants, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from './support/compile.js'
import { reportCoverage, startCoverage } from './support/coverage.js'
import { pgliteCluster } from './support/pglite-cluster.js'
import { makeTemplate } from './support/postgres-databases.js'
import { startPostgresServer, type PostgresServer } from './support/postgres-server.js'
import { quickFolder } from './support/quick-folder.js'
import { ROOT } from './support/root.js'
import { queueTests } from './support/test-queue.js'

// Windows has none; there a test that still runs ends by itself.
const GROUPS = process.platform !== 'win32'

// There a PostgreSQL that does not start is a failure.
const CI = /^(?:1|true)$/i.test(process.env.CI ?? '')

// For tests that need none, which then begin five seconds earlier. One that needs a database all the same starts it for itself.
const WITHOUT_DATABASES = '--without-databases'
const withDatabases = !process.argv.includes(WITHOUT_DATABASES)

// Costs a tenth more.
const COVERAGE = '--coverage'
const withCoverage = process.argv.includes(COVERAGE)

// One more than there are cores, for half of the time a process waits for a database, another process or a clock. PostgreSQL has 200 connections.
const JOBS = Math.min(availableParallelism() + 1, 4)

const TAP = createRequire(import.meta.url).resolve('tap/package.json')

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

let tap: ChildProcess | null = null
let stoppedBy: Signal | null = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stoppedBy = signal
    if (tap !== null) stopTests(tap)
  })
}

// Only reached when something that is waited for never comes.
process.once('beforeExit', () => process.exit(1))

// Everything that a test leaves in the temporary directory lies in here, also what a killed one has left.
process.env.TMPDIR = await quickFolder()
const temporary = await mkdtemp(path.join(tmpdir(), 'model-sync-test-'))
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }))
// Tests start programs as other users too.
await chmod(temporary, 0o711)

let postgres = null as PostgresServer | null
let code = 1
try {
  const [shared, compiled, built] = await Promise.allSettled([startShared(), compile(fileURLToPath(ROOT)), buildTap()])
  if (shared.status === 'rejected') throw shared.reason
  if (compiled.status === 'rejected') throw compiled.reason
  if (built.status === 'rejected') throw built.reason
  const counted = withCoverage ? await startCoverage() : {}
  const env = { ...process.env, TMPDIR: temporary, ...shared.value, ...counted }
  if (stoppedBy === null) code = await runTests(compiled.value, env)
  if (stoppedBy === null && withCoverage) console.log(await reportCoverage())
} catch (error) {
  console.error(error)
} finally {
  await postgres?.stop()
}
process.exit(stoppedBy === null ? code : 128 + constants.signals[stoppedBy])

/** @returns variables that tell `databases.ts` what there is */
async function startShared(): Promise<NodeJS.ProcessEnv> {
  if (!withDatabases) return {}
  // Each runs to its end, so that neither is left behind when the other fails.
  const [server, cluster] = await Promise.allSettled([startPostgresServer({ ownSignals: true }), pgliteCluster()])
  if (server.status === 'fulfilled') postgres = server.value
  else if (CI) throw server.reason
  else tellWithoutPostgres(server.reason as Error)
  if (cluster.status === 'rejected') throw cluster.reason
  if (postgres !== null) await makeTemplate(postgres.url)
  return { TEST_POSTGRES_URL: postgres?.url ?? '', TEST_PGLITE_CLUSTER: cluster.value }
}

function tellWithoutPostgres({ message }: Error): void {
  console.error(`${message.split('\n')[0]}. So the tests run on PGlite, without those that need PostgreSQL itself.`)
}

/**
 * Builds tap without the plugins that package.json switches off, when that has not been done yet. It would do so itself, but too late for its first
 * run, in which each test then loads them: three seconds.
 */
async function buildTap(): Promise<void> {
  const built = await readFile(createRequire(TAP).resolve('@tapjs/test/test-built'), 'utf8')
  if (!built.includes('@tapjs/typescript')) return
  const code = await runTap(fileURLToPath(ROOT), process.env, ['build'])
  if (code !== 0) throw new Error(`tap build has ended with code ${code}`)
}

async function runTests(cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  // Files are named as they are seen.
  const words = process.argv.slice(2).filter((word) => word !== WITHOUT_DATABASES && word !== COVERAGE)
  const given = words.map((argument) => argument.replace(/(?<=^[^-].*)\.ts$/, '.js'))
  const jobs = given.some((word) => word.startsWith('--jobs')) ? [] : [`--jobs=${JOBS}`]
  return runTap(cwd, env, [...jobs, ...(await queueTests(cwd, given, JOBS))])
}

async function runTap(cwd: string, env: NodeJS.ProcessEnv, given: readonly string[]): Promise<number> {
  const args = [path.join(path.dirname(TAP), 'dist/esm/run.mjs'), ...given]
  // A group of its own, so that the tests' processes can be ended with it.
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit', env, detached: GROUPS })
  tap = child
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode) => {
      tap = null
      resolve(exitCode ?? 1)
    })
  })
}

// tap lets running tests end whatever signal comes, which may take minutes; nothing that they could still say is wanted.
function stopTests(child: ChildProcess): void {
  if (!GROUPS || child.pid === undefined) child.kill('SIGKILL')
  else process.kill(-child.pid, 'SIGKILL')
}
