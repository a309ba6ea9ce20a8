/** A real PgBouncer in front of the tests' PostgreSQL, on a free loopback port. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { unprivilegedAccount } from './postgres-cluster.js'
import { freePort } from './postgres-server.js'

const PROGRAM = '/usr/sbin/pgbouncer'

/** Why it cannot run here; `null`: it can. */
export function withoutPgBouncer(): string | null {
  return existsSync(PROGRAM) ? null : `there is no ${PROGRAM}: apt-get install pgbouncer`
}

/** @returns the same address through PgBouncer; it ends with the test */
export async function startPgBouncer(
  t: Pick<Test, 'teardown'>,
  databaseUrl: string,
  mode: 'session' | 'transaction' | 'statement',
): Promise<string> {
  const target = new URL(databaseUrl)
  const account = await unprivilegedAccount()
  const directory = await mkdtemp(path.join(tmpdir(), 'model-sync-pgbouncer-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const port = await freePort()
  const config = path.join(directory, 'pgbouncer.ini')
  const users = path.join(directory, 'users')
  await writeFile(users, `"${target.username}" "${target.password}"\n`)
  await writeFile(
    config,
    `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
; Fewer than the clients, so that in transaction mode they really change hands.
default_pool_size = ${mode === 'session' ? 40 : 4}
`,
  )
  for (const file of [directory, config, users]) {
    await chmod(file, file === directory ? 0o700 : 0o600)
    if (account.uid !== undefined && account.gid !== undefined) await chown(file, account.uid, account.gid)
  }
  const child = spawn(PROGRAM, [config], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'], ...account })
  const kill = (): void => void child.kill('SIGQUIT')
  process.once('exit', kill)
  const exited = once(child, 'exit')
  t.teardown(async () => {
    process.off('exit', kill)
    kill()
    await exited
  })
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes('process up')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`PgBouncer ended with ${code}: ${printed}`)))
  })
  return Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href
}
