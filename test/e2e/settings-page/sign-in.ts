/** Signing in, an expired token, a server that restarts. */
import type { Browser, Route } from 'playwright-core'
import type { Test } from 'tap'
import { openWaitingRoom } from '../../../src/server/waiting-room.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { backend, MODELS, open, refresh, TOKEN } from './support.js'

// What draws the pictures, which is loaded after the view around them.
const PART = /\/chart-[^/]*\.js$/

export default async function signInSuite(t: Test, browser: Browser): Promise<void> {
  await t.test('without the token the page is read-only, and the sign-in goes on where it was refused', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server, '?view=models', { signedIn: false })
    await page.getByLabel('Search models').fill('model-00017')
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    await page.getByRole('button', { name: 'Refresh Models', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.waitFor()
    t.match(await dialog.textContent(), /read-only/)
    t.equal(await page.evaluate('document.activeElement.type'), 'password')
    await page.getByLabel('Admin token').fill('not the token')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').waitFor()
    await page.getByLabel('Admin token').fill('not-the-token-at-all')
    await page.keyboard.press('Enter')
    await dialog.getByText('The server refused this token (401)').waitFor()
    t.equal(await page.getByLabel('Admin token').inputValue(), 'not-the-token-at-all', 'to be corrected')
    t.equal(await page.evaluate('sessionStorage.length'), 0, 'a wrong one is not kept')
    await page.getByLabel('Admin token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.strip-standing.good').waitFor()
    await page.getByText('by hand, succeeded').waitFor()
    t.equal(await page.getByLabel('Search models').inputValue(), 'model-00017', 'nothing typed is lost')
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Refresh Models', 'the focus is where it was')
    t.same(await page.evaluate('Object.values(sessionStorage)'), [TOKEN])
    t.equal(await page.evaluate('localStorage.length + document.cookie.length'), 0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    t.equal(await page.evaluate('sessionStorage.length'), 0)
  })

  await t.test('a wrong token in the address is told at once, and taken out of the tab', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server, '', { signedIn: false })
    await page.goto('about:blank')
    await page.goto(`${server.url}/settings#token=not-the-token-at-all`)
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.getByText('The server refused the token (401)').waitFor()
    t.equal(await page.evaluate('sessionStorage.length + location.hash.length'), 0)
    await dialog.getByRole('button', { name: 'Stay read-only' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.locator('.headline.good').waitFor()
  })

  await t.test('after many wrong tokens the page still offers to sign in, and a right one is let in', async (t) => {
    const server = await backend(t, { synced: true, settings: { readTokens: ['reader:a-token-that-only-reads'] } })
    const { page } = await open(t, browser, server)
    await page.locator('.headline.good').waitFor()
    const start = await server.restart({ adminToken: 'the-admin-token-of-tomorrow' })
    await start()
    const headers = { authorization: 'Bearer not-the-token-at-all' }
    for (let guess = 0; guess < 12; guess++) await fetch(`${server.url}/models/sync/status`, { headers })
    const notice = page.locator('.notice.bad')
    await notice.getByText('You may not read this catalogue.').waitFor()
    t.match(await notice.textContent(), /wrong tokens or signatures have come from your address/)
    await notice.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Token').fill('the-admin-token-of-tomorrow')
    await page.keyboard.press('Enter')
    await page.locator('.headline.good').waitFor()
    await notice.waitFor({ state: 'detached' })
  })

  await t.test('where reads are closed a reader signs in as well, and is told what a reader may not do', async (t) => {
    const reader = 'a-token-that-only-reads'
    const server = await backend(t, { synced: true, settings: { readTokens: [`reader:${reader}`] } })
    const { page, problems } = await open(t, browser, server, '', { signedIn: false })
    await page.locator('.notice.quiet').getByText('Sign in to see this catalogue.').waitFor()
    await page.locator('.strip-standing').getByText('Not signed in').waitFor()
    t.equal(await page.locator('.notice.bad').count(), 0, 'nothing is wrong')
    await page.locator('.notice').getByRole('button', { name: 'Sign in' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    t.match(await dialog.textContent(), /With one of READ_TOKENS you can look around/)
    t.equal(
      await dialog.getByRole('button', { name: 'Not now' }).count(),
      1,
      'without a token it is not even read-only',
    )
    await page.getByLabel('Token').fill('not-the-token-at-all')
    await page.keyboard.press('Enter')
    await dialog.getByText('The server refused this token (401)').waitFor()
    await page.getByLabel('Token').fill(reader)
    await page.keyboard.press('Enter')
    await page.locator('.headline.good').waitFor()
    await page.getByRole('button', { name: 'Refresh Models', exact: true }).click()
    await dialog.getByText('Your token may only read. Changing something takes an admin token.').waitFor()
    await page.getByLabel('Token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.getByText('120 unchanged').first().waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.reload()
    await page.getByText('The models can be seen once you have signed in.').waitFor()
    t.same(problems, [])
  })

  await t.test('after too many guesses, and after too many writes, it is said how long to wait', async (t) => {
    const server = await backend(t, { synced: true, settings: { rateLimitWrites: 2 } })
    const { page } = await open(t, browser, server)
    await page.locator('.headline.good').waitFor()
    await refresh(page)
    await page.getByRole('button', { name: 'Refresh Models', exact: true }).click()
    await page
      .locator('.notice.bad')
      .getByText(
        /^Nothing was started: more than 2 writes have come from your address within a minute; try again in \d+ s\.$/,
      )
      .waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    const headers = { authorization: 'Bearer not-the-token-at-all' }
    for (let guess = 0; guess < 12; guess++) await fetch(`${server.url}/admin/model-sync/providers`, { headers })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Admin token').fill('not-the-token-at-all')
    await page.keyboard.press('Enter')
    await page
      .getByRole('dialog')
      .getByText(
        /^The server refused this token, and many wrong ones before it\. .* wait \d+ seconds? before the next guess\.$/,
      )
      .waitFor()
  })

  await t.test('a link with a token never replaces the one that is there', async (t) => {
    const server = await backend(t, { synced: true, settings: { adminTokens: ['mallory:the-token-of-another-admin'] } })
    const { page } = await open(t, browser, server)
    await page.locator('.headline.good').waitFor()
    const kept = () => page.evaluate('Object.values(sessionStorage)')
    t.same(await kept(), [TOKEN])
    // Pasted into the open page, and opened anew in the same tab.
    await page.evaluate("location.hash = 'token=the-token-of-another-admin'")
    await page.waitForFunction("location.hash === ''")
    t.same(await kept(), [TOKEN])
    await page.goto('about:blank')
    await page.goto(`${server.url}/settings#token=the-token-of-another-admin`)
    await page.locator('.headline.good').waitFor()
    t.same(await kept(), [TOKEN])
    t.equal(await page.evaluate('location.href'), `${server.url}/settings`, 'and it is taken out of the address')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.evaluate("location.hash = 'token=the-token-of-another-admin'")
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    t.same(await kept(), ['the-token-of-another-admin'], 'signed out, it signs in')
  })

  await t.test('the API’s documentation loads under its policy, and no page may frame it', async (t) => {
    const server = await backend(t)
    const page = await browser.newPage()
    t.teardown(() => page.close())
    const problems: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(`${new URL(server.url).origin}/docs/`)
    await page.getByText('List the models, a page at a time').waitFor()
    await page.getByRole('button', { name: 'Authorize' }).waitFor()
    await page.getByText('Sync the providers', { exact: true }).click()
    await page.getByRole('button', { name: 'Try it out' }).waitFor()
    t.same(problems, [])
    await page.goto(`${server.url}/settings`)
    await page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), { src: '/docs/' }))")
    await page.waitForFunction("document.querySelector('iframe') !== null")
    await page.waitForTimeout(500)
    const framed = page.frames().find((frame) => frame.parentFrame() !== null)
    t.equal(await framed?.locator('.swagger-ui').count(), 0)
  })

  await t.test('a token that is no longer good leads back to the sign-in; what was typed stays', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server, '?view=models&model=litellm%2Fvendor-1%2Fmodel-00001')
    const drawer = page.getByRole('dialog', { name: 'vendor-1/model-00001' })
    await drawer.getByRole('button', { name: 'Pin Max output' }).click()
    await drawer.getByLabel('Max output').fill('12345')
    const start = await server.restart({ adminToken: 'another-token-of-the-tests' })
    await start()
    await drawer.getByRole('button', { name: 'Pin', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.getByText('The server refused the token (401)').waitFor()
    t.equal(await drawer.getByLabel('Max output').inputValue(), '12345')
    await page.getByLabel('Admin token').fill('another-token-of-the-tests')
    await page.keyboard.press('Enter')
    await drawer.getByText('12,345 tokens').first().waitFor()
  })

  await t.test('a restart of the server while the page is open', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server)
    await page.locator('.headline.good').waitFor()
    const start = await server.restart()
    await page.getByText('The server does not answer.').waitFor()
    t.equal(await page.locator('.headline.good, .strip-standing.good').count(), 0, 'not green while nothing is known')
    t.match(await page.locator('.facts').textContent(), /120 models/, 'what was there stays')
    await start()
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await page.locator('.headline.good').waitFor()
    server.litellm.models.push(modelRow({ model_name: 'after-the-restart' }))
    await refresh(page)
    await page.getByText('1 new', { exact: true }).waitFor()
  })

  await t.test('a part that the server left before it was loaded is there once the server is back', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server, '?view=models')
    await page.getByText('120 models').first().waitFor()
    // The request for the part is on its way when the server goes.
    const asked = new Promise<Route>((resolve, reject) => {
      page.route(PART, resolve, { times: 1 }).catch(reject)
    })
    await page.getByRole('link', { name: 'Overview' }).click()
    const route = await asked
    const start = await server.restart()
    await route.abort()
    await page.getByText('The server does not answer.').waitFor()
    t.match(await page.locator('.facts').textContent(), /120 models/, 'what is around the part stays')
    t.equal(await page.locator('.chart canvas').count(), 0)
    // It listens before it can serve anything.
    const room = await openWaitingRoom({ host: '127.0.0.1', port: Number(new URL(server.url).port) })
    await page.waitForResponse((response) => response.request().method() === 'HEAD' && response.status() === 503)
    await room.close()
    t.equal(await page.getByText('This picture could not be shown.').count(), 0, 'a server that starts is waited for')
    await start()
    await page.locator('.chart canvas').first().waitFor()
  })
}
