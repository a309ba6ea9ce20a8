/** Runs `npm run demo` as a newcomer would: waits for its address, opens the page, reads the models, ends it by Ctrl-C. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const START_LIMIT_MS = 180_000
const PAGE = /Settings page\s+(http:\S+?)#token=\S+/

export interface DemoOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  uid?: number
  gid?: number
}

/** @throws Error with everything that the demo has printed, when it does not start, serve, sync or end */
export async function tryDemo(command: string, args: readonly string[], options: DemoOptions): Promise<void> {
  const env = { ...options.env, PORT: String(await freePort()) }
  const child = spawn(command, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  // The last of its processes has ended then; npm may be an earlier one.
  const closed = once(child, 'close') as Promise<[number | null]>
  const end = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal)
  }
  const limit = setTimeout(end, START_LIMIT_MS, 'SIGKILL')
  try {
    let page: RegExpExecArray | null = null
    while ((page = PAGE.exec(printed)) === null) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the demo ended while it started')
      await delay(100)
    }
    await expectModels(page[1] ?? '')
    end('SIGINT')
    // npm ends by the signal itself, which is no exit code.
    const [code] = await closed
    if ((code ?? 0) !== 0 || !printed.includes('Everything is closed')) throw new Error(`Ctrl-C ended it with ${code}`)
  } catch (error) {
    throw new Error(`${(error as Error).message}. The demo printed:\n${printed}`, { cause: error })
  } finally {
    clearTimeout(limit)
    end('SIGKILL')
  }
}

async function expectModels(settingsUrl: string): Promise<void> {
  const page = await fetch(settingsUrl)
  if (!page.ok || !(await page.text()).includes('<script')) throw new Error(`${settingsUrl} answers ${page.status}`)
  for (let tries = 0; tries < 100; tries += 1) {
    const { total } = (await (await fetch(new URL('/models', settingsUrl))).json()) as { total: number }
    if (total > 0) return
    await delay(200)
  }
  throw new Error('the first sync brings no model')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
