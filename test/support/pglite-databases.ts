/** PGlites for tests, each on a copy of one cluster. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.js'
import { pgliteCluster } from './pglite-cluster.js'
import { once } from './once.js'
import type { EmptyDatabase } from './reusable-databases.js'

// As long as somebody holds the module, V8 takes what it has compiled for each further PGlite of this process: a third of what they cost.
const hold = once(async () => {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  // Node's types have no name for it.
  const { compile } = Reflect.get(globalThis, 'WebAssembly') as { compile(bytes: Uint8Array): Promise<object> }
  return compile(await readFile(path.join(path.dirname(main), 'pglite.wasm')))
})

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A new one, in a data directory of its own. */
export async function startPglite(): Promise<EmptyDatabase> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-data-'))
  await copyPgliteCluster(dataDir)
  const { connectionConfig, socketPath, close: stop } = await startEmbeddedDatabase({ dataDir, log: SILENT })
  const connections = watchConnections(socketPath)
  let moves = 0
  const address = () => path.join(dataDir, `at-${moves}`)
  const move = async () => {
    if (process.platform === 'win32') return connectionConfig
    await rm(address(), { recursive: true, force: true })
    moves++
    await mkdir(address())
    await symlink(socketPath, path.join(address(), path.basename(socketPath)))
    return { ...connectionConfig, host: address() }
  }
  return {
    config: await move(),
    countOthers: () => Promise.resolve(connections.count() - 1),
    move,
    close: once(async () => {
      connections.stop()
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    }),
  }
}

/** Counts the connections that a server of this process has open. */
function watchConnections(socketPath: string): { count(): number; stop(): void } {
  const open = new Set<Socket>()
  const accepted = (message: unknown) => {
    const { socket } = message as { socket: Socket & { server: Server } }
    const address = socket.server.address()
    if (address !== socketPath && !(typeof address === 'object' && socketPath.endsWith(`:${address?.port}`))) return
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  subscribe('net.server.socket', accepted)
  return { count: () => open.size, stop: () => void unsubscribe('net.server.socket', accepted) }
}

/** Puts an empty cluster into a data directory, which spares its first start some seconds. */
export async function copyPgliteCluster(dataDir: string): Promise<void> {
  // A thousand small files: the promises version takes twice as long.
  cpSync(process.env.TEST_PGLITE_CLUSTER ?? (await pgliteCluster()), path.join(dataDir, 'pglite'), { recursive: true })
  await hold()
}
