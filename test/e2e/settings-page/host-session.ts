/** The page in a host of its own, which knows its administrators by a cookie: no token, and the host's own way in. */
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { UnauthorizedError } from '../../../src/errors.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'
import { open, refresh } from './support.js'

export default async function hostSessionSuite(t: Test, browser: Browser): Promise<void> {
  const sessions = new Set<string>()
  const authorize = (
    { headers }: { headers: { cookie?: string; authorization?: string } },
    _: unknown,
    done: (error?: Error) => void,
  ) => {
    const session = /session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? ''
    done(sessions.has(session) && headers.authorization === undefined ? undefined : new UnauthorizedError('no session'))
  }
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: manyRows(20) },
    // As @fastify/helmet does it: too wide for the page, and yet its own holds.
    before: (app) => {
      app.addHook('onRequest', (_request, reply, done) => {
        reply.raw.setHeader('content-security-policy', 'default-src *')
        done()
      })
    },
    after: (app) => {
      app.get('/sign-in', (_request, reply) => {
        const session = `s${sessions.size}`
        sessions.add(session)
        return reply
          .header('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`)
          .type('text/html')
          .send('<!doctype html><html lang="en"><title>Host</title>Welcome')
      })
    },
    settings: {
      prefix: '/admin/catalogue',
      settingsPage: { signInUrl: '/sign-in?from="page"' },
      allowUnauthenticated: false,
      authorize,
      authorizeRead: authorize,
    },
  })
  const url = `${await host.app.listen({ host: '127.0.0.1', port: 0 })}/admin/catalogue`
  const { page, problems, policy } = await open(t, browser, { url }, '?view=models', { signedIn: false })
  const dialog = page.getByRole('dialog', { name: 'Sign in' })
  const signIn = async () => {
    const opened = page.context().waitForEvent('page')
    await dialog.getByRole('link', { name: 'Sign in' }).click()
    const tab = await opened
    await tab.getByText('Welcome').waitFor()
    t.match(decodeURI(tab.url()), /\/sign-in\?from="page"$/)
    await tab.close()
    await dialog.getByRole('button', { name: 'Go on' }).click()
  }

  t.match(policy(), /^default-src 'none'/)
  await page.getByText('Sign in to see this catalogue.').waitFor()
  await page.locator('.notice').getByRole('button', { name: 'Sign in' }).click()
  await signIn()
  await page.getByText('Never synced').waitFor()
  await refresh(page)
  await page.getByText('20 models', { exact: true }).first().waitFor()
  t.equal(await page.getByRole('banner').getByRole('button', { name: /Sign/ }).count(), 0, 'there is no token to enter')

  await page.locator('.model-link').first().click()
  await page.getByRole('button', { name: 'Pin Max output' }).click()
  await page.getByLabel('Max output').fill('1234')
  sessions.clear()
  await page.getByRole('button', { name: 'Pin', exact: true }).click()
  await dialog.getByText('You are not signed in, or not any more.').waitFor()
  t.equal(await page.getByLabel('Max output').inputValue(), '1234', 'nothing typed is lost')
  await signIn()
  await page.locator('.drawer').getByText('1,234 tokens').first().waitFor()
  t.same(problems, [])
}
