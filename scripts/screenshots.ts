/** `npm run screenshots [folder]`: each view of the settings page in light and dark, at 1280 and 390 pixels, of a backend with the sample's models. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { startSampleLiteLLM } from '../demo/sample-litellm.js'
import { startServer } from '../src/server.js'
import { startPostgresServer } from '../test/support/postgres-server.js'

const TOKEN = 'a-token-of-the-screenshots'
// The sample's fifth answer has a price that a guard holds.
const SYNCS = 5

/** Each view with what it waits for. */
const VIEWS: [name: string, query: string, ready: string][] = [
  ['overview', '', '.few li'],
  ['models', '?view=models', 'tbody .model-link'],
  ['model', '?view=models&model=litellm%2Fgpt-4o', '.field-line'],
  ['changes', '?view=changes', '.change-line'],
  ['history', '?view=history', '.run-line'],
  ['providers', '?view=providers', '.provider'],
  ['names', '?view=names&name=gpt-4o', '.resolution, .names .muted'],
  ['preview', '?view=preview', '.plan-row, .empty'],
]

const folder = path.resolve(process.argv[2] ?? '.cache/screenshots')
const closers: (() => Promise<unknown>)[] = []
try {
  await mkdir(folder, { recursive: true })
  const postgres = await startPostgresServer({ ownSignals: false })
  closers.push(() => postgres.stop())
  const litellm = await startSampleLiteLLM()
  closers.push(() => litellm.close())
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-screenshots-'))
  closers.push(() => rm(dataDir, { recursive: true, force: true }))
  const backend = await startServer({
    databaseUrl: postgres.url,
    dataDir,
    litellm: { url: litellm.url, apiKey: litellm.key },
    adminToken: TOKEN,
    syncOnStartup: false,
    autoSync: true,
    logLevel: 'silent',
    port: 0,
  })
  closers.push(() => backend.close())
  await backend.ready
  for (let sync = 0; sync < SYNCS; sync++)
    await fetch(`${backend.url}/models/sync`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })

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
        await page.goto(`${backend.url}/settings${query}`)
        await shoot(page, ready, path.join(folder, `${name}-${colorScheme}-${width}.png`))
      }
      await context.close()
    }
  }
  process.stdout.write(`${folder}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}

async function shoot(page: Page, ready: string, file: string): Promise<void> {
  await page.locator(ready).first().waitFor()
  // Charts and what else is loaded lazily.
  await page.waitForTimeout(500)
  await page.screenshot({ path: file })
}
