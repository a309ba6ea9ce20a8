/** `npm run screenshots [folder]`: each view of the settings page in light and dark, at 1280 and 390 pixels, of a backend that has run for two weeks. */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { startSampleLiteLLM } from '../demo/sample-litellm.js'
import { startServer } from '../src/server.js'
import { ageDatabase } from '../test/support/age-database.js'
import { startPostgresServer } from '../test/support/postgres-server.js'

const TOKEN = 'a-token-of-the-screenshots'
// Before the one at the start of the schedule, which meets a price that a guard holds: the fifth of the sample's six answers.
const SYNCS = 10
/** Days after each of them. */
const PAUSES = [2, 1, 1, 3, 1, 1, 2, 1, 1, 1]
/** The second provider does not answer in this one. */
const OUTAGE = 8

/** Each view with what it waits for. */
const VIEWS: [name: string, query: string, ready: string][] = [
  ['overview', '', '.few li'],
  ['models', '?view=models', 'tbody .model-link'],
  ['model', '?view=models&model=litellm%2Fgemini-2.5-flash', '.price-lines li'],
  ['changes', '?view=changes', '.change-line'],
  ['history', '?view=history', '.run-line'],
  ['providers', '?view=providers', '.provider'],
  ['run', '?view=history&run=', '.drawer .result'],
  ['names', '?view=names&name=gpt-4o', '.resolution, .names .muted'],
  ['preview', '?view=preview', '.plan-row, .empty'],
]

/** Of the second provider, which speaks OpenAI's API. */
const RACK_MODELS = ['llama-3.3-70b', 'qwen3-235b', 'bge-m3']
const RACK_GROWS = 4

const folder = path.resolve(process.argv[2] ?? '.cache/screenshots')
const closers: (() => Promise<unknown>)[] = []
try {
  await mkdir(folder, { recursive: true })
  const postgres = await startPostgresServer()
  closers.push(() => postgres.stop())
  const litellm = await startSampleLiteLLM()
  closers.push(() => litellm.close())
  let rackIsAway = false
  const rack = createServer((_, response) => {
    if (rackIsAway) return response.writeHead(502).end('Bad Gateway')
    const data = RACK_MODELS.map((id) => ({ id, object: 'model', owned_by: 'vllm' }))
    return response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data }))
  })
  rack.listen(0, '127.0.0.1')
  await once(rack, 'listening')
  closers.push(() => once(rack.close(), 'close'))
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-screenshots-'))
  closers.push(() => rm(dataDir, { recursive: true, force: true }))
  const settings = {
    databaseUrl: postgres.url,
    dataDir,
    litellm: { url: litellm.url, apiKey: litellm.key },
    providers: ['litellm', 'gpu-rack'],
    openaiCompatible: [{ slug: 'gpu-rack', url: `${addressOf(rack)}/v1` }],
    adminToken: TOKEN,
    syncOnStartup: false,
    logLevel: 'silent' as const,
    port: 0,
  }
  // Not on schedule yet: while the past is made, everything is overdue.
  let backend = await startServer(settings)
  closers.push(() => backend.close())
  await backend.ready
  const send = (method: string, path: string, body?: object) =>
    fetch(`${backend.url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  for (let sync = 0; sync < SYNCS; sync++) {
    rackIsAway = sync === OUTAGE
    if (sync === RACK_GROWS) RACK_MODELS.push('deepseek-r1-distill-70b', 'whisper-large-v3')
    await send('POST', 'models/sync')
    if (sync === SYNCS - 5) await send('POST', 'models/sync/seen')
    if (sync === 2) await send('PATCH', 'models/litellm/gemini-2.5-flash', { maxOutputTokens: 32_768 })
    await ageDatabase({ connectionString: postgres.url }, PAUSES[sync] ?? 1)
  }

  await backend.close()
  backend = await startServer({ ...settings, autoSync: true })
  await backend.ready
  const { runs } = (await (await send('GET', 'models/sync/history')).json()) as { runs: { runId: string }[] }
  const partialRun = runs.at(-1 - OUTAGE)?.runId ?? ''

  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  closers.push(() => browser.close())
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme,
        deviceScaleFactor: 1,
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      await page.goto(`${backend.url}/settings#token=${TOKEN}`)
      for (const [name, query, ready] of VIEWS) {
        await page.goto(`${backend.url}/settings${query}${name === 'run' ? partialRun : ''}`)
        await shoot(page, ready, path.join(folder, `${name}-${colorScheme}-${width}.png`))
      }
      await context.close()
    }
  }
  process.stdout.write(`${folder}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function shoot(page: Page, ready: string, file: string): Promise<void> {
  await page.locator(ready).first().waitFor()
  // Charts and what else is loaded lazily.
  await page.waitForTimeout(500)
  await page.screenshot({ path: file })
}
