/** <refresh-models-button> in a real Chromium, on a page of a host's own with a strict policy. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { UnauthorizedError } from '../../src/errors.js'
import type { SyncResult } from '../../src/core/records/sync-result.js'
import { createPostgresDatabase } from '../support/databases.js'
import { documented } from '../support/documented.js'
import { startHost } from '../support/host.js'
import { manyRows } from '../support/loopback-litellm.js'
import { ROOT } from '../support/root.js'

const CHROMIUM = '/usr/bin/chromium'
const skip = existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM} (apt-get install chromium)`
if (skip !== false) console.error(`\nSKIPPED: the button was not tested, ${skip}.\n`)

const SCRIPT = `
  globalThis.told = []
  globalThis.getToken = async () => globalThis.token ?? null
  for (const name of ['sync-started', 'sync-progress', 'sync-finished', 'sync-failed'])
    document.addEventListener(name, ({ detail }) => told.push({ name, detail }))
`
const HTML = `<!doctype html><html lang="en"><title>Host</title>
  <script src="/host.js"></script>
  <script type="module" src="/api/v1/settings/client/refresh-models-button.js"></script>
  <refresh-models-button base-url="/api/v1" token-provider="getToken"></refresh-models-button>`

/** The React example of the docs, on a page that names the last end of a sync in its title. */
async function reactExample(): Promise<string> {
  const [example] = documented('docs/guide/front-ends.md', 'tsx')
  const root = fileURLToPath(ROOT)
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `${example}
        import { createRoot } from 'react-dom/client'
        const getToken = async () => 'good'
        const onSynced = () => { document.title = 'synced' }
        createRoot(document.querySelector('main')).render(<RefreshModels getToken={getToken} onSynced={onSynced} />)`,
      loader: 'tsx',
      resolveDir: root,
    },
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    bundle: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

t.test('the button', { skip, timeout: 60_000 }, async (t) => {
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: manyRows(3) },
    before: (app) => {
      app.get('/', (_request, reply) =>
        reply.type('text/html').header('content-security-policy', "default-src 'self'").send(HTML),
      )
      app.get('/react', (_request, reply) =>
        reply.type('text/html').send('<!doctype html><main></main><script type="module" src="/react.js"></script>'),
      )
      app.get('/react.js', async (_request, reply) => reply.type('text/javascript').send(await reactExample()))
      app.get('/plain', (_request, reply) =>
        reply.type('text/html').send(`<!doctype html>${documented('docs/guide/front-ends.md', 'html').join('')}`),
      )
      app.get('/host.js', (_request, reply) => reply.type('text/javascript').send(SCRIPT))
    },
    settings: {
      prefix: '/api/v1',
      settingsPage: true,
      allowUnauthenticated: false,
      authorize: (request, _reply, done) =>
        done(request.headers.authorization === 'Bearer good' ? undefined : new UnauthorizedError('no token')),
    },
  })
  const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    // The browser itself reports what was refused, and an icon that the host lacks.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text())
  })
  await page.goto(url)
  const button = page.getByRole('button', { name: 'Refresh Models' })

  await t.test('without a token it says what to do', async (t) => {
    await button.click()
    await page.getByText('sign in again').waitFor()
    t.strictSame(
      (await told(page)).map(({ name }) => name),
      ['sync-started', 'sync-failed'],
    )
  })

  await t.test('with one it syncs, by keyboard too, and tells the host', async (t) => {
    host.litellm.setFault('/model/info', { kind: 'delay', ms: 400, times: 1 })
    await page.evaluate(`globalThis.token = 'good'; told.length = 0`)
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Asking the providers').waitFor()
    t.equal(await button.getAttribute('aria-busy'), 'true')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Done: 3 new.').waitFor()
    const events = await told(page)
    t.equal(events.filter(({ name }) => name === 'sync-started').length, 1, 'a second press joins the first')
    t.match(events.at(-1), { name: 'sync-finished', detail: { success: true, newModels: 3 } })
    t.ok(events.some(({ name }) => name === 'sync-progress'))
    t.equal(await button.getAttribute('aria-busy'), 'false')
  })

  await t.test('an outage does not look like success', async (t) => {
    host.litellm.setFault('/model/info', { kind: 'status', status: 500 })
    host.litellm.setFault('/v1/models', { kind: 'status', status: 500 })
    const result = (await page.evaluate(`document.querySelector('refresh-models-button').refresh()`)) as SyncResult
    t.equal(result.success, false)
    const status = page.locator('refresh-models-button span')
    t.match(await status.textContent(), /^Not all could be synced: litellm: /)
    t.equal(await status.getAttribute('data-state'), 'bad')
  })

  await t.test('the examples of the docs, in React and in plain HTML', async (t) => {
    host.litellm.setFault('/model/info', null)
    host.litellm.setFault('/v1/models', null)
    await page.goto(`${url}/react`)
    await button.click()
    await page.getByRole('status').getByText('Done').waitFor()
    t.equal(await page.title(), 'synced')
    await page.goto(`${url}/plain`)
    await page.evaluate(`sessionStorage.setItem('token', 'good')`)
    await button.click()
    await page.getByRole('status').getByText('Done').waitFor()
  })
  t.strictSame(problems, [], 'no error, and nothing that the policy forbids')
  t.equal((await fetch(`${url}/api/v1/settings/client/refresh-models-button.d.ts`)).status, 404)
})

function told(page: Page): Promise<{ name: string; detail: unknown }[]> {
  return page.evaluate('told')
}
