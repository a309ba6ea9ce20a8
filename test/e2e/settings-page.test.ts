/** The settings page in a real Chromium, against the reference backend on PostgreSQL and a loopback LiteLLM. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startServer } from '../../src/server.js'
import { createPostgresDatabase } from '../support/databases.js'
import { manyRows, modelRow, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { ROOT } from '../support/root.js'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const MODELS = 120
// The admin token of the tests; more than the sixteen characters that the server asks for.
const TOKEN = 'a-token-of-the-tests'

// Milliseconds; a dozen servers, each with a database of its own.
const TIMEOUT = 180_000
t.setTimeout(TIMEOUT)

const skip = existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM} (apt-get install chromium)`
if (skip !== false) console.error(`\nSKIPPED: the settings page was not tested, ${skip}.\n`)

t.test('the settings page', { skip, timeout: TIMEOUT }, async (t) => {
  await buildPage()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  t.teardown(() => browser.close())

  await t.test('loads under its policy, tells a newcomer what to do, and strips the token', async (t) => {
    const { url } = await backend(t)
    const { page, problems, requests, policy } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    t.equal(page.url(), `${url}/settings`, 'no fragment is left')
    t.equal(await page.evaluate('history.length'), 2, 'nor an entry with it (about:blank comes first)')
    await page.getByRole('heading', { name: 'Never synced' }).waitFor()
    await page.getByRole('heading', { name: 'No models yet' }).waitFor()
    t.match(await page.locator('.first-steps').textContent(), /LITELLM_API_URL.*LITELLM_API_KEY.*Refresh Models/)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'self'"])
      t.match(policy(), part)
    t.notMatch(policy(), /unsafe|\*/)
    t.same(problems, [], 'no error, no warning on the console')
    t.same(
      requests.filter((request) => !request.startsWith(url)),
      [],
      'no request to another host',
    )
  })

  await t.test('Refresh Models: counts in words, rows in the table, next to what it was', async (t) => {
    const { url, litellm } = await backend(t)
    litellm.models.push(
      modelRow({ model_name: 'priced', model_info: { input_cost_per_token: 0.000000075, output_cost_per_token: 0 } }),
    )
    const { page, problems } = await open(t, browser, `${url}/settings/#token=${TOKEN}`)
    await refresh(page)
    await page.locator('.headline.good').getByRole('heading', { name: 'Up to date' }).waitFor()
    t.same(await countsOf(page), [`${MODELS + 1} new`, '0 updated', '0 unavailable', '0 unchanged'])
    await page
      .getByText(`${MODELS + 1} models`, { exact: true })
      .first()
      .waitFor()
    t.equal(await page.locator('tbody tr').count(), 100)
    await page.getByRole('button', { name: 'Load more' }).click()
    await page.locator('tbody tr').nth(MODELS).waitFor()

    const row = page.getByRole('row', { name: 'litellm/priced' })
    t.match(await row.getByRole('cell').allTextContents(), {
      0: 'LiteLLM',
      1: 'openai',
      2: 'chat',
      3: '128,000',
      4: '16,384',
      5: '$0.075',
      8: 'Available',
    })

    litellm.models.splice(0, 2)
    await refresh(page)
    await page.getByText('2 unavailable', { exact: true }).waitFor()
    t.same(await countsOf(page), ['0 new', '0 updated', '2 unavailable', `${MODELS - 1} unchanged`])
    await page.getByLabel('Availability').selectOption('unavailable')
    await page.getByText(`2 of ${MODELS + 1} models`).waitFor()
    t.equal(await page.locator('tbody tr').count(), 2)
    t.match(await page.locator('tbody tr').first().textContent(), /Unavailable.*no longer listed/)
    t.same(problems, [])
  })

  await t.test('search and filters', async (t) => {
    const { url } = await backend(t, { synced: true })
    const { page, requests } = await open(t, browser, `${url}/settings`)
    await page.locator('tbody tr').first().waitFor()
    await page.getByLabel('Search models').pressSequentially('model-00017', { delay: 20 })
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    t.equal(await page.locator('tbody tr').count(), 1)
    t.match(await page.locator('tbody tr').textContent(), 'litellm/vendor-17/model-00017')
    t.equal(requests.filter((request) => request.includes('search=')).length, 1, 'asked once, when the typing paused')
    await page.reload()
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    t.equal(await page.getByLabel('Search models').inputValue(), 'model-00017', 'a reload keeps the view')
    await page.getByRole('combobox', { name: 'Mode' }).selectOption('chat')
    await page.getByLabel('Availability').selectOption('unavailable')
    await page.getByText('No model matches.').waitFor()
    await page.getByRole('button', { name: 'Clear search and filters' }).click()
    await page.getByText(`${MODELS} models`, { exact: true }).first().waitFor()
  })

  await t.test('a refused key is red and comes with the next step; the models stay', async (t) => {
    const { url, litellm } = await backend(t, { synced: true })
    const refused = { kind: 'status', status: 401, message: 'Authentication Error' } as const
    litellm.setFault('/model/info', refused)
    litellm.setFault('/v1/models', refused)
    const { page } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    await refresh(page)
    await page.locator('.headline.bad').getByRole('heading', { name: 'The last sync failed' }).waitFor()
    const advice = page.locator('.advice.bad')
    t.match(await advice.textContent(), /LiteLLM refused the key \(401\).*Set LITELLM_API_KEY/)
    t.match(await advice.textContent(), /Authentication Error/, 'what was reported stands beside it')
    t.equal(await page.locator('.headline.good, .badge.good').count(), 0)
    t.match(await fact(page, 'Last attempt'), /By hand, failed/)
    t.match(await fact(page, 'Last success'), /took/)
    t.equal(await page.locator('tr.available').count(), 100)
  })

  await t.test('a proxy that is away is said on the page, with what to set', async (t) => {
    const { url, litellm } = await backend(t, { synced: true })
    await litellm.close()
    const { page } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    await refresh(page)
    await page.getByText('LiteLLM cannot be reached.').waitFor()
    t.match(await page.locator('.advice.bad').textContent(), /LITELLM_API_URL/)
  })

  await t.test('an empty answer is held: amber, and nothing is lost', async (t) => {
    const { url, litellm } = await backend(t, { synced: true })
    litellm.setFault('/model/info', { kind: 'no-models' })
    litellm.setFault('/v1/models', { kind: 'no-models' })
    const { page } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    await refresh(page)
    await page.locator('.headline.warn').waitFor()
    await page.getByText(`${MODELS} held`, { exact: true }).waitFor()
    t.equal(await page.locator('.badge.warn').textContent(), 'held')
    t.equal(await page.locator('.headline.good, .badge.good').count(), 0)
    t.match(await page.locator('.advice.warn').textContent(), /nothing was lost/)
    t.equal(await page.locator('tr.available').count(), 100)
    t.equal(await page.locator('tr.unavailable').count(), 0)
    await page.reload()
    await page.locator('.headline.warn').waitFor()
  })

  await t.test('without the token the page is read-only, and the sign-in goes on where it was refused', async (t) => {
    const { url } = await backend(t, { synced: true })
    const { page } = await open(t, browser, `${url}/settings`)
    await page.getByLabel('Search models').fill('model-00017')
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    await page.getByRole('button', { name: 'Refresh Models' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.waitFor()
    t.match(await dialog.textContent(), /read-only/)
    t.equal(await page.evaluate('document.activeElement.type'), 'password')
    await page.getByLabel('Admin token').fill('not the token')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').waitFor()
    await page.getByLabel('Admin token').fill('not-the-token-at-all')
    await page.keyboard.press('Enter')
    await dialog.getByText('The server refused the token (401)').waitFor()
    await page.getByLabel('Admin token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.getByText(`${MODELS} unchanged`, { exact: true }).waitFor()
    t.equal(await dialog.count(), 0)
    t.equal(await page.getByLabel('Search models').inputValue(), 'model-00017', 'nothing typed is lost')
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Refresh Models', 'the focus is where it was')
    t.same(await page.evaluate('Object.values(sessionStorage)'), [TOKEN])
    t.equal(await page.evaluate('localStorage.length + document.cookie.length'), 0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    t.equal(await page.evaluate('sessionStorage.length'), 0)
  })

  await t.test('a running sync can be cancelled', async (t) => {
    const { url, litellm } = await backend(t, { synced: true })
    litellm.setFault('/model/info', { kind: 'hang' })
    const { page } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    await page.getByRole('button', { name: 'Refresh Models' }).click()
    await page.getByRole('heading', { name: 'Syncing models…' }).waitFor()
    t.equal(await page.getByRole('button', { name: 'Refresh Models' }).getAttribute('aria-disabled'), 'true')
    // A second tab sees it too.
    const { page: other } = await open(t, browser, `${url}/settings`)
    await other.getByRole('heading', { name: 'Syncing models…' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'The last sync was cancelled' }).waitFor()
    await other.getByRole('heading', { name: 'The last sync was cancelled' }).waitFor()
    t.equal(await page.locator('tr.available').count(), 100)
  })

  await t.test('a restart of the server while the page is open', async (t) => {
    const { url, litellm, restart } = await backend(t, { synced: true })
    const { page } = await open(t, browser, `${url}/settings#token=${TOKEN}`)
    await page.locator('.headline.good').waitFor()
    const start = await restart()
    await page.getByText('The server does not answer.').waitFor()
    t.equal(await page.locator('.headline.good').count(), 0, 'not green while nothing is known')
    t.equal(await page.locator('tbody tr').count(), 100, 'what was there stays')
    await start()
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await page.locator('.headline.good').waitFor()
    litellm.models.push(modelRow({ model_name: 'after-the-restart' }))
    await refresh(page)
    await page.getByText('1 new', { exact: true }).waitFor()
  })

  await t.test('a sync that nobody pressed shows up by itself, under a prefix too', async (t) => {
    const { url, litellm } = await backend(t, { synced: true, prefix: '/api/v1' })
    const { page, problems } = await open(t, browser, `${url}/settings`)
    await page.getByText(`${MODELS} models`, { exact: true }).first().waitFor()
    litellm.models.push(modelRow({ model_name: 'somebody-else-added-it' }))
    await sync(url)
    await page
      .getByText(`${MODELS + 1} models`, { exact: true })
      .first()
      .waitFor()
    await page.getByText('1 new', { exact: true }).waitFor()
    t.same(problems, [])
  })

  for (const width of [360, 1280]) {
    await t.test(`nothing is cut off at ${width} pixels`, async (t) => {
      const { url } = await backend(t, { synced: true })
      const { page } = await open(t, browser, `${url}/settings`, width)
      await page.locator('tbody tr').first().waitFor()
      t.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    })
  }
})

interface BackendOptions {
  /** One sync has gone through. */
  synced?: boolean
  prefix?: string
}

// As npm run build does it, so that what is tested is what is in src and what is left behind is what is shipped.
async function buildPage(): Promise<void> {
  const root = fileURLToPath(ROOT)
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

/** The reference backend on a database of its own, beside a LiteLLM with {@link MODELS} models. `url` is where the plugin is mounted. */
async function backend(t: Test, { synced = false, prefix = '' }: BackendOptions = {}) {
  const database = await createPostgresDatabase(t)
  const litellm = await startLoopbackLiteLLM({ models: manyRows(MODELS) })
  t.teardown(() => litellm.close().catch(() => undefined))
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-page-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const options = {
    ...(database.url === null ? {} : { databaseUrl: database.url }),
    dataDir,
    litellm: { url: litellm.url, apiKey: litellm.key },
    adminToken: TOKEN,
    syncOnStartup: false,
    logLevel: 'silent',
    prefix,
  }
  let server = await startServer({ ...options, port: 0 })
  await server.ready
  t.teardown(() => server.close())
  const { port } = new URL(server.url)
  const url = `http://127.0.0.1:${port}${prefix}`
  if (synced) await sync(url)
  return {
    url,
    litellm,
    /** Stops the server. @returns what starts it again on the same port */
    async restart() {
      await server.close()
      return async () => {
        server = await startServer({ ...options, port: Number(port) })
        await server.ready
      }
    },
  }
}

async function sync(url: string): Promise<void> {
  const response = await fetch(`${url}/models/sync`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })
  const result = (await response.json()) as { success: boolean; errors: string[] }
  if (!result.success) throw new Error(`the sync failed: ${result.errors.join('; ')}`)
}

/** Opens an address in a session of its own; collects what must not happen. */
async function open(t: Test, browser: Browser, address: string, width = 1280) {
  const context = await browser.newContext({ viewport: { width, height: 900 } })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const problems: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('request', (request) => requests.push(request.url()))
  const response = await page.goto(address)
  if (response?.status() !== 200) throw new Error(`${address} answered ${response?.status()}`)
  return { page, problems, requests, policy: () => response.headers()['content-security-policy'] ?? '' }
}

/** Presses the button and waits for the end of the sync. */
async function refresh(page: Page): Promise<void> {
  const ended = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Refresh Models' }).first().click()
  await ended
  await page.locator('.sync[aria-busy="false"]').waitFor()
}

async function countsOf(page: Page): Promise<string[]> {
  return page.locator('.counts li').allTextContents()
}

async function fact(page: Page, name: string): Promise<string> {
  return (await page.locator('.fact', { has: page.getByText(name, { exact: true }) }).textContent()) ?? ''
}
