/** What the tests of the settings page share: a backend, a page that collects what must not happen, and the ways in. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { startServer } from '../../../src/server.js'
import type { ServerSettingsInput } from '../../../src/options.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { ROOT } from '../../support/root.js'

export const CHROMIUM = '/usr/bin/chromium'
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
export const MODELS = 120
// The admin token of the tests; more than the sixteen characters that the server asks for.
export const TOKEN = 'a-token-of-the-tests'

export interface BackendOptions {
  /** One sync has gone through. */
  synced?: boolean
  /** How many models the proxy has. */
  models?: number
  settings?: Partial<ServerSettingsInput>
}

// As npm run build does it, so that what is tested is what is in src and what is left behind is what is shipped.
export async function buildPage(): Promise<void> {
  const root = fileURLToPath(ROOT)
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

/** The reference backend on a database of its own, beside a LiteLLM. `url` is where the plugin is mounted. */
export async function backend(t: Test, { synced = false, models = MODELS, settings = {} }: BackendOptions = {}) {
  const database = await createPostgresDatabase(t)
  const litellm = await startLoopbackLiteLLM({ models: manyRows(models) })
  t.teardown(() => litellm.close().catch(() => undefined))
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-page-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const options: ServerSettingsInput = {
    ...(database.url === null ? {} : { databaseUrl: database.url }),
    dataDir,
    litellm: { url: litellm.url, apiKey: litellm.key },
    adminToken: TOKEN,
    syncOnStartup: false,
    logLevel: 'silent',
    ...settings,
  }
  let server = await startServer({ ...options, port: 0 })
  await server.ready
  t.teardown(() => server.close())
  const { port } = new URL(server.url)
  const url = `http://127.0.0.1:${port}${settings.prefix ?? ''}`
  if (synced) await sync(url)
  return {
    url,
    litellm,
    database,
    /** Another server on the same database. @returns where the plugin is mounted there */
    async replica(): Promise<string> {
      const other = await startServer({ ...options, port: 0 })
      t.teardown(() => other.close())
      await other.ready
      return `${other.url}${settings.prefix ?? ''}`
    },
    /** Stops the server. @returns what starts it again on the same port */
    async restart(changed: Partial<ServerSettingsInput> = {}) {
      await server.close()
      return async () => {
        server = await startServer({ ...options, ...changed, port: Number(port) })
        await server.ready
      }
    },
  }
}

/** A sync that nobody presses a button for. */
export async function sync(url: string): Promise<void> {
  const response = await fetch(`${url}/models/sync`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })
  const result = (await response.json()) as { success: boolean; errors: string[] }
  if (!result.success) throw new Error(`the sync failed: ${result.errors.join('; ')}`)
}

export interface OpenOptions {
  width?: number
  colorScheme?: 'light' | 'dark'
  /** Of the viewer; default this machine's. */
  timezoneId?: string
  /** Default true: with the admin token. */
  signedIn?: boolean
  /** Default true; false: the server's events do not get through, as behind some proxies. */
  events?: boolean
}

/** Opens a view in a session of its own; collects what must not happen: errors, warnings, breaches of the policy. */
export async function open(
  t: Test,
  browser: Browser,
  { url }: { url: string },
  query = '',
  { width = 1280, colorScheme = 'light', timezoneId, signedIn = true, events = true }: OpenOptions = {},
) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    acceptDownloads: true,
    ...(timezoneId === undefined ? {} : { timezoneId }),
  })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const problems: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // The browser's own note of an API's answer of 4xx, which is no error of the page; a file that is missing is one.
    const { url: source } = message.location()
    if (/^Failed to load resource: .* status of 4\d\d/.test(message.text()) && !source.includes('/settings')) return
    problems.push(message.text())
  })
  if (!events) await page.route('**/models/sync/events', (route) => route.abort())
  page.on('request', (request) => requests.push(request.url()))
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error('policy:', event.violatedDirective, event.blockedURI))",
  )
  const address = `${url}/settings${query}${signedIn ? `#token=${TOKEN}` : ''}`
  const response = await page.goto(address)
  if (response?.status() !== 200) throw new Error(`${address} answered ${response?.status()}`)
  return { page, problems, requests, policy: () => response.headers()['content-security-policy'] ?? '' }
}

/** Presses the button and waits for the end of the sync. */
export async function refresh(page: Page): Promise<void> {
  const ended = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Refresh Models', exact: true }).first().click()
  await ended
  await page.locator('.strip-standing:not(.busy)').waitFor()
}

export async function countsOf(page: Page): Promise<string[]> {
  return page.locator('.counts li').allTextContents()
}

/** Waits until the fact reads so: it comes with the status, which is asked for when a sync has ended. */
export async function factReads(page: Page, name: string, words: RegExp): Promise<void> {
  await page.locator('.fact', { has: page.getByText(name, { exact: true }), hasText: words }).waitFor()
}
