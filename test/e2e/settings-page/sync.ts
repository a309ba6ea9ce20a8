/** Refreshing: what a newcomer sees, counts in words, failures in plain language, progress, cancelling, two tabs. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { modelRow } from '../../support/loopback-litellm.js'
import { backend, countsOf, factReads, MODELS, open, refresh, sync } from './support.js'

export default async function syncSuite(t: Test, browser: Browser): Promise<void> {
  await t.test('loads under its policy, tells a newcomer what to do, and strips the token', async (t) => {
    const server = await backend(t)
    const { page, problems, requests, policy } = await open(t, browser, server)
    t.equal(page.url(), `${server.url}/settings`, 'no fragment is left')
    t.equal(await page.evaluate('history.length'), 2, 'nor an entry with it (about:blank comes first)')
    await page.getByRole('heading', { name: 'Never synced' }).waitFor()
    await page.getByRole('heading', { name: 'No models yet' }).waitFor()
    // Which proxy it is comes with an answer of its own.
    const steps = page.locator('.first-steps', { hasText: 'is set' })
    t.match(
      await steps.textContent(),
      /expected at http:\/\/127\.0\.0\.1:\d+, and a key for it is set.*LITELLM_API_URL.*LITELLM_API_KEY.*Refresh Models/,
    )
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'self'"])
      t.match(policy(), part)
    t.notMatch(policy(), /unsafe|\*/)
    t.same(problems, [], 'no error, no warning, no breach of the policy')
    t.same(
      requests.filter((request) => !request.startsWith(server.url)),
      [],
      'no request to another host',
    )
  })

  await t.test('counts in words, next to what it was', async (t) => {
    const server = await backend(t)
    const { page, problems } = await open(t, browser, server)
    await refresh(page)
    await page.locator('.headline.good').getByRole('heading', { name: 'Up to date' }).waitFor()
    t.same(await countsOf(page), [`${MODELS} new`, '0 updated', '0 unavailable', '0 unchanged'])
    server.litellm.models.splice(0, 2)
    await refresh(page)
    await page.getByText('2 unavailable', { exact: true }).waitFor()
    t.same(await countsOf(page), ['0 new', '0 updated', '2 unavailable', `${MODELS - 2} unchanged`])
    await page.getByText(`${MODELS - 2} available, 2 not`).waitFor()
    await page.getByRole('list', { name: 'Providers' }).getByText('LiteLLM').waitFor()
    t.same(problems, [])
  })

  await t.test('a refused key is red and comes with the next step; the models stay', async (t) => {
    const server = await backend(t, { synced: true })
    const refused = { kind: 'status', status: 401, message: 'Authentication Error' } as const
    server.litellm.setFault('/model/info', refused)
    server.litellm.setFault('/v1/models', refused)
    const { page } = await open(t, browser, server)
    await refresh(page)
    await page.locator('.headline.bad').getByRole('heading', { name: 'The last sync failed' }).waitFor()
    const advice = await page.locator('.advice.bad').textContent()
    t.match(advice, /LiteLLM refused the key \(401\).*Set LITELLM_API_KEY/)
    t.match(advice, /Authentication Error/, 'what was reported stands beside it')
    await factReads(page, 'Last attempt', /By hand, failed/)
    t.equal(await page.locator('.headline.good, .badge.good, .strip-standing.good').count(), 0)
    const stale = page.locator('.strip-badges .badge', { hasText: 'stale' })
    t.equal(await stale.getAttribute('title'), 'LiteLLM could not be read when last tried. Refresh again.')
    await factReads(page, 'Last success', /took/)
    await page.getByText('All available').waitFor()
  })

  await t.test('one provider fails, the other goes through: never green', async (t) => {
    const openrouter = createServer((_, response) => response.writeHead(500).end('{"error":"broken"}'))
    openrouter.listen(0, '127.0.0.1')
    await once(openrouter, 'listening')
    t.teardown(() => void openrouter.close())
    const baseUrl = `http://127.0.0.1:${(openrouter.address() as AddressInfo).port}`
    const server = await backend(t, {
      settings: {
        providers: ['litellm', 'openrouter'],
        providerOptions: { openrouter: { baseUrl, timeoutMs: 2_000 } },
      },
    })
    const { page } = await open(t, browser, server)
    await refresh(page)
    await page.locator('.headline.bad').getByRole('heading', { name: 'Not every provider could be synced' }).waitFor()
    t.match(await page.locator('.provider-lines li').allTextContents(), [/LiteLLM.*synced/, /OpenRouter.*failed/])
    await page.getByText('OpenRouter failed, LiteLLM went through.').waitFor()
    t.match(await page.locator('.advice.bad').textContent(), /OpenRouter answered with an error of its own/)
    t.equal(await page.locator('.strip-standing').getAttribute('class'), 'strip-standing bad')
    await page.getByRole('link', { name: 'History' }).click()
    t.match(await page.locator('.run-line').textContent(), /120 new\. OpenRouter answered with an error of its own\./)
    await page.goBack()
    await page.getByText(`${MODELS} models`, { exact: true }).first().waitFor()
  })

  await t.test('a proxy that is away is said on the page, with what to set', async (t) => {
    const server = await backend(t, { synced: true })
    await server.litellm.close()
    const { page } = await open(t, browser, server)
    await refresh(page)
    await page.getByText('LiteLLM cannot be reached.').waitFor()
    t.match(await page.locator('.advice.bad').textContent(), /LITELLM_API_URL/)
    await page.getByRole('link', { name: 'History' }).click()
    t.match(await page.locator('.run-line').first().textContent(), /failedLiteLLM cannot be reached\./)
  })

  await t.test(
    'a gateway’s page in place of the API is said, and an endpoint of one’s own by its own name',
    async (t) => {
      const rack = createServer((_, response) => response.writeHead(401).end('{}'))
      rack.listen(0, '127.0.0.1')
      await once(rack, 'listening')
      t.teardown(() => void rack.close())
      const url = `http://127.0.0.1:${(rack.address() as AddressInfo).port}/v1`
      const server = await backend(t, {
        settings: { providers: ['litellm', 'gpu-rack'], openaiCompatible: [{ slug: 'gpu-rack', url }] },
      })
      server.litellm.setFault('/model/info', { kind: 'html' })
      const { page } = await open(t, browser, server)
      await refresh(page)
      const [rackLine, litellmLine] = await page.locator('.provider-lines > li').allTextContents()
      t.match(rackLine, /^gpu-rackfailed.*gpu-rack wants a key \(401\)\..*MODEL_SYNC_OPENAI_COMPATIBLE, as ;key=NAME/)
      t.match(litellmLine, /^LiteLLMfailed.*What answered is not LiteLLM\. Check LITELLM_API_URL/)
      await page.getByRole('button', { name: 'More ways to refresh' }).click()
      await page.getByLabel('gpu-rack').waitFor()
      await page.getByRole('link', { name: 'Providers' }).click()
      await page.getByRole('heading', { name: 'gpu-rack' }).waitFor()
      await page.getByRole('heading', { name: 'Hugging Face Inference Providers' }).waitFor()
    },
  )

  await t.test('progress, cancelling, and a second tab that sees both within 2 s, also by polling', async (t) => {
    const server = await backend(t, { synced: true })
    server.litellm.setFault('/model/info', { kind: 'hang' })
    const { page } = await open(t, browser, server)
    const { page: other } = await open(t, browser, server, '', { signedIn: false, events: false })
    await other.locator('.headline.good').waitFor()
    await page.getByRole('button', { name: 'Refresh Models', exact: true }).click()
    await page.getByRole('heading', { name: 'Syncing models…' }).waitFor()
    const turning = () => page.evaluate("getComputedStyle(document.querySelector('.headline svg')).animationName")
    t.equal(await turning(), 'turn')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    t.equal(await turning(), 'none', 'nothing moves for those who do not want it')
    t.equal(
      await page.getByRole('button', { name: 'Refresh Models', exact: true }).getAttribute('aria-disabled'),
      'true',
    )
    await other.getByRole('heading', { name: 'Syncing models…' }).waitFor({ timeout: 2_000 })
    await page.getByRole('list', { name: 'Progress' }).getByText('reading').waitFor()
    await other.getByRole('list', { name: 'Progress' }).getByText('reading').waitFor({ timeout: 2_000 })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'The last sync was cancelled' }).waitFor()
    await other.getByRole('heading', { name: 'The last sync was cancelled' }).waitFor({ timeout: 2_000 })
    t.match(await page.locator('.provider-lines').textContent(), /^LiteLLMcancelledits models stay as they were/)
    t.equal(await page.locator('.advice, .badge.bad').count(), 0, 'nothing is wrong with the provider')
    t.match(await page.locator('[role=status]').last().textContent(), /cancelled/, 'a screen reader is told')
  })

  await t.test(
    'a sync that nobody pressed shows up by itself within 2 s, on another replica and under a prefix too',
    async (t) => {
      const server = await backend(t, { synced: true, settings: { prefix: '/api/v1' } })
      const { page, problems } = await open(t, browser, server, '?view=models', { signedIn: false })
      const { page: other } = await open(t, browser, { url: await server.replica() }, '?view=history')
      await other.locator('.run-line').waitFor()
      await page.getByText(`${MODELS} models`, { exact: true }).waitFor()
      server.litellm.models.push(modelRow({ model_name: 'a-somebody-else-added-it' }))
      await sync(server.url)
      await Promise.all([
        page.getByText(`${MODELS + 1} models`, { exact: true }).waitFor({ timeout: 2_000 }),
        other.locator('.run-line').nth(1).waitFor({ timeout: 2_000 }),
      ])
      await page.getByRole('rowheader', { name: /a-somebody-else-added-it/ }).waitFor()
      await page.getByRole('link', { name: '1 new model' }).click()
      t.match(page.url(), /\/api\/v1\/settings\?view=models&sort=-firstSeenAt$/)
      t.same(problems, [])
    },
  )
}
