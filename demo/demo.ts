/** `npm run demo`: a sample LiteLLM proxy, the reference backend on an embedded PostgreSQL and a sync every minute, told in plain words. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { serverOptionsFromEnv, type ServerSettingsInput } from '../src/options.js'
import { startServer, type ReferenceBackend } from '../src/server.js'
import { startSampleLiteLLM } from './sample-litellm.js'
import { tellRuns } from './tell-runs.js'

const ROOT = new URL('../', import.meta.url)
const PORT = 8081

// A terminal's Ctrl-C reaches this process directly, and sometimes through tsx once more.
const ONE_CTRL_C_MS = 1000

const closers: (() => Promise<unknown>)[] = []
const stopped = new AbortController()
let stoppedAt = 0

/** Ends what was started, last first, and the process. A second Ctrl-C does not wait. */
async function stop(code: number): Promise<void> {
  if (stopped.signal.aborted) {
    if (performance.now() - stoppedAt > ONE_CTRL_C_MS) process.exit(130)
    return
  }
  stopped.abort()
  stoppedAt = performance.now()
  if (code === 0) say('\nStopping …')
  for (const close of closers.reverse())
    await close().catch((error: Error) => process.stderr.write(`${error.message}\n`))
  if (code === 0) say('Everything is closed, and the data directory is removed.')
  process.exit(code)
}

async function main(): Promise<void> {
  // Only these two: a DATABASE_URL or a key of the environment is nothing that a demo may touch.
  const { PORT: port, LOG_LEVEL: level = 'fatal' } = process.env
  const chosen = serverOptionsFromEnv({ PORT: port, LOG_LEVEL: level })
  await buildPageIfMissing()
  say('Starting; the embedded PostgreSQL takes some seconds …')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'model-sync-demo-'))
  // However it ends; a newcomer always starts with an empty catalogue.
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 }))
  const upstream = await startSampleLiteLLM()
  closers.push(() => upstream.close())
  const backend = await startBackend({
    port: PORT,
    ...chosen,
    dataDir,
    litellm: { url: upstream.url, apiKey: upstream.key },
    autoSync: true,
    syncIntervalMinutes: 1,
  })
  closers.push(() => backend.close())
  const app = await backend.ready
  introduce(backend, upstream.url, dataDir)
  await tellRuns(app.modelSync, say, stopped.signal)
}

async function buildPageIfMissing(): Promise<void> {
  if (existsSync(new URL('dist/settings-page/index.html', ROOT))) return
  say('Building the settings page, once …')
  const { build } = await import('vite')
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', ROOT)), logLevel: 'warn' })
}

/** On another port when the usual one is taken. */
async function startBackend(settings: ServerSettingsInput): Promise<ReferenceBackend> {
  const log = pino({ level: settings.logLevel ?? 'fatal' }, pino.destination(2))
  try {
    return await startServer(settings, log)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    say(`Port ${settings.port} is taken by another program, so this demo uses a free one.`)
    return startServer({ ...settings, port: 0 }, log)
  }
}

function introduce({ url, settingsUrl, adminToken }: ReferenceBackend, upstream: string, dataDir: string): void {
  say(`
Running on this machine, reachable from nowhere else:

  Settings page   ${settingsUrl}#token=${adminToken.token}
                  Open it in a browser; the token in the address signs you in.
  The models      ${url}/models, ${url}/v1/models; all routes: ${url}/docs
  LiteLLM         a sample proxy at ${upstream} with some 45 models
  Database        an embedded PostgreSQL in ${dataDir}, made for this demo and removed at its end

A sync runs now and then every minute, and the sample proxy has something new each time:

  now       every model comes in
  minute 1  a new model
  minute 2  a lower price, a larger context, another capability
  minute 3  two models are gone: they become unavailable, and are not deleted
  minute 4  one of them is back; a price is 20 times what it was, which is held for a person
  minute 5  that price is as before, the other model is back, the new one is gone
  minute 6  the round starts anew

Not to wait a minute, press "Refresh Models" on the page, or in another terminal:

  curl -X POST ${url}/models/sync -H 'Authorization: Bearer ${adminToken.token}'

LOG_LEVEL=info npm run demo shows the server's log as well. Ctrl-C ends it.
`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
main().catch(async (error: Error) => {
  if (stopped.signal.aborted) return
  process.stderr.write(`${error.message}\n`)
  await stop(1)
})
