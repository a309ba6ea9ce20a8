/** A way to a server that a test can cut and open again, as if the server had stopped. */
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Test } from 'tap'

export interface TcpProxy {
  port: number
  /** The same connection string, through here. */
  through(url: string): string
  /** Ends every connection; new ones are refused until `open`. */
  cut(): Promise<void>
  open(): Promise<void>
  /** The connection on which the next matching bytes go to the server never brings an answer again; the others are as before. */
  silenceAt(sent: RegExp): void
  /** The next matching bytes to the server, and what follows on that connection, wait until `release`. */
  holdAt(sent: RegExp): { came: Promise<void>; release(): void }
  /** Whether those bytes have not come yet. */
  readonly waits: boolean
  /** Nothing comes through any more, in both directions, on old connections and new ones; nothing is closed. */
  silence(): void
  /** New connections work again. */
  speak(): void
}

/** Open unless `open` is false; closed by the test's teardown. */
export async function startTcpProxy(
  t: Pick<Test, 'teardown'>,
  target: string,
  { open = true }: { open?: boolean } = {},
): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = 0
  let trap: RegExp | null = null
  let silent = false
  let gate: { sent: RegExp; came: () => void; released: Promise<void> } | null = null

  function join(client: Socket): void {
    const upstream = createConnection(Number(targetPort), hostname)
    const dead = silent
    let deaf = false
    let held: Promise<void> | null = null
    client.on('data', (chunk: Buffer) => {
      if (dead || silent) return
      if (gate?.sent.test(chunk.toString('latin1')) === true) {
        gate.came()
        held = gate.released
        gate = null
      }
      if (held !== null) return void (held = held.then(() => void upstream.write(chunk)))
      if (trap?.test(chunk.toString('latin1')) === true) {
        trap = null
        deaf = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => void (dead || silent || deaf || client.write(chunk)))
    client.on('end', () => void (dead || silent || upstream.end()))
    upstream.on('end', () => void (dead || silent || deaf || client.end()))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        if (!dead && !silent) other.destroy()
      })
    }
  }

  const proxy: TcpProxy = {
    get port() {
      return port
    },
    through: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    cut: async () => {
      const closed = server === null ? null : once(server, 'close')
      server?.close()
      server = null
      for (const socket of sockets) socket.destroy()
      await closed
    },
    open: async () => {
      server = createServer(join)
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as AddressInfo).port
    },
    holdAt: (sent) => {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      const came = new Promise<void>((resolve) => (gate = { sent, came: resolve, released }))
      return { came, release: () => release() }
    },
    silenceAt: (sent) => void (trap = sent),
    get waits() {
      return trap !== null
    },
    silence: () => void (silent = true),
    speak: () => void (silent = false),
  }
  await proxy.open()
  if (!open) await proxy.cut()
  t.teardown(() => proxy.cut())
  return proxy
}
