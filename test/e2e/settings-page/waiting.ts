/** The page before the application is there: it says what it waits for, and becomes the settings page by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { startServer } from '../../../src/server.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'
import { startTcpProxy } from '../../support/tcp-proxy.js'
import { TOKEN } from './support.js'

const SCREENSHOTS = process.env['WAITING_SCREENSHOTS']

export default async function waitingSuite(t: Test, browser: Browser): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    await t.test(
      `the address with the token leads to the settings page, whenever it was opened (${colorScheme})`,
      async (t) => {
        const database = await createPostgresDatabase(t, { empty: true })
        const proxy = await startTcpProxy(t, database.url!, { open: false })
        const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-waiting-'))
        t.teardown(() => rm(dataDir, { recursive: true, force: true }))
        const { logger, waitFor } = captureLog()
        const options = {
          port: 0,
          dataDir,
          adminToken: TOKEN,
          databaseUrl: proxy.through(database.url!),
          syncOnStartup: false,
        }
        const server = await startServer(options, logger)
        t.teardown(() => server.close())

        const context = await browser.newContext({ colorScheme, viewport: { width: 1000, height: 640 } })
        t.teardown(() => context.close())
        const page = await context.newPage()
        page.setDefaultTimeout(30_000)
        const problems: string[] = []
        page.on('pageerror', (error) => problems.push(error.message))
        await page.addInitScript(
          "addEventListener('securitypolicyviolation', (event) => { throw new Error(event.violatedDirective) })",
        )
        const response = await page.goto(`${server.settingsUrl}#token=${TOKEN}`)
        t.equal(response?.status(), 503)
        await page.getByRole('heading', { name: 'Starting' }).waitFor()
        await waitFor('The database is away; trying again')
        await page.getByText('The database does not answer yet').waitFor()
        const look = await page.evaluate<string[]>(
          '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).fontFamily]',
        )
        if (SCREENSHOTS !== undefined)
          await page.screenshot({ path: path.join(SCREENSHOTS, `waiting-${colorScheme}.png`) })

        await proxy.open()
        await server.ready
        await page.getByRole('button', { name: 'Sign out' }).waitFor()
        t.match(await page.title(), /Overview/)
        t.equal(await page.evaluate('location.hash'), '', 'the token was taken out of the address')
        t.same(
          await page.evaluate(
            '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).fontFamily]',
          ),
          look,
          'both pages look alike',
        )
        t.same(problems, [])
      },
    )

  await t.test('a server that ends while it starts is said to be gone', async (t) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-waiting-'))
    t.teardown(() => rm(dataDir, { recursive: true, force: true }))
    const options = { port: 0, dataDir, adminToken: TOKEN, databaseUrl: 'postgres://127.0.0.1:9/nothing' }
    const server = await startServer(options, captureLog().logger)
    const page = await browser.newPage()
    t.teardown(() => page.close())
    await page.goto(server.url)
    await server.close()
    await page.getByText('The server does not answer any more').waitFor()
  })
}
