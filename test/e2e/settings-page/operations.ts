/** Providers, history and names. */
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { backend, MODELS, open, sync } from './support.js'

export default async function operationsSuite(t: Test, browser: Browser): Promise<void> {
  await t.test('a provider is switched off and on, gets an interval, and never shows its key', async (t) => {
    const server = await backend(t, { synced: true })
    const { page, problems } = await open(t, browser, server, '?view=providers')
    const card = page.getByRole('list', { name: 'Providers in use' }).getByRole('listitem').first()
    await card.getByText('healthy').waitFor()
    t.match(await card.textContent(), /LiteLLM.*120 available.*present LITELLM_API_KEY/)
    t.notMatch(await page.content(), server.litellm.key)
    await card.getByRole('switch').click()
    await card.getByText('disabled', { exact: true }).waitFor()
    t.equal(await card.getByRole('switch').getAttribute('aria-checked'), 'false')
    await card.getByText(`0 available, ${MODELS} not`).waitFor()
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.locator('.change-line').first().waitFor()
    t.match(await page.locator('.change-line').first().textContent(), /its provider is disabled.*by hand \(admin\)/)
    await page.getByRole('link', { name: 'Providers' }).click()
    await card.getByRole('switch').click()
    await card.getByText('healthy').waitFor()
    await card.getByText('Auto-sync is off: it is asked when somebody refreshes.').waitFor()
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH')
    await card.getByLabel('Interval of LiteLLM').selectOption('Every day')
    await saved
    await page.reload()
    await card.getByText('healthy').waitFor()
    t.equal(await card.getByLabel('Interval of LiteLLM').inputValue(), '1440')
    t.same(problems, [])
  })

  await t.test('an interval says what comes of it', async (t) => {
    const server = await backend(t, { settings: { autoSync: true } })
    await sync(server.url)
    const { page } = await open(t, browser, server, '?view=providers')
    const card = page.getByRole('list', { name: 'Providers in use' }).getByRole('listitem').first()
    await card.getByText('Asked every hour.').waitFor()
    await card.getByLabel('Interval of LiteLLM').selectOption('Every 15 minutes')
    await card.getByText('Asked every hour: the backend does not sync more often.').waitFor()
    await card.getByLabel('Interval of LiteLLM').selectOption('Every 6 hours')
    await card.getByText('Asked every 6 hours.').waitFor()
  })

  await t.test('what fails is said on its card, with the next step', async (t) => {
    const server = await backend(t, { synced: true })
    server.litellm.setFault('/model/info', { kind: 'status', status: 401 })
    server.litellm.setFault('/v1/models', { kind: 'status', status: 401 })
    const { page } = await open(t, browser, server, '?view=providers')
    await sync(server.url).catch(() => undefined)
    await page.getByText('failing').waitFor()
    t.match(await page.locator('.advice.bad').textContent(), /LiteLLM refused the key/)
  })

  await t.test('what its entries state and nobody reads is on its card', async (t) => {
    const server = await backend(t)
    for (const { model_info: info } of server.litellm.models) info['price_of_thought'] = 0.1
    await sync(server.url)
    const { page, problems } = await open(t, browser, server, '?view=providers')
    const card = page.getByRole('list', { name: 'Providers in use' }).getByRole('listitem').first()
    await card.getByText('1 member of its entries not read').click()
    t.match(
      await card.locator('.drift li').textContent(),
      /^model_info\.price_of_thought \(price\) not read: in 120 of 120 entries since /,
    )
    t.same(problems, [])
  })

  await t.test('names: without a model there is something to do first', async (t) => {
    const server = await backend(t)
    const { page } = await open(t, browser, server, '?view=names')
    await page.getByRole('heading', { name: 'No models yet' }).waitFor()
    await sync(server.url)
    await page.getByText('A request without a name gets no model.').waitFor()
  })

  await t.test('names: what a name leads to and why, and suggestions in strict mode', async (t) => {
    const server = await backend(t, { synced: true })
    const { page, problems } = await open(t, browser, server, '?view=names')
    await page.getByText('A request without a name gets no model.').waitFor()
    t.match(await page.locator('.advice.warn').textContent(), /set DEFAULT_FALLBACK_MODEL to a model/)
    await page.getByRole('searchbox', { name: 'Name' }).fill('VENDOR-1/model-00001')
    await page.getByText('This model, because it is the model’s').waitFor()
    t.match(await page.locator('.resolution').textContent(), /litellm\/vendor-1\/model-00001/)
    await page.getByLabel('Strict: no fallback').check()
    await page.getByRole('searchbox', { name: 'Name' }).fill('vendor-1/model-0001')
    await page.getByText('This name leads to no model.').waitFor()
    await page.locator('.suggestions .link').first().click()
    await page.locator('.resolution').waitFor()
    t.same(problems, [])
  })

  await t.test('history: every run, one of them in full', async (t) => {
    const server = await backend(t, { synced: true })
    await sync(server.url)
    const { page, problems } = await open(t, browser, server, '?view=history')
    await page.locator('.run-line').nth(1).waitFor()
    t.match(await page.locator('.run-line').allTextContents(), [
      /succeeded120 unchangedby hand/,
      /succeeded120 newby hand/,
    ])
    await page.locator('.run-when').nth(1).click()
    const drawer = page.getByRole('dialog', { name: 'Run' })
    await drawer.getByText(`${MODELS} new`).waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    t.same(problems, [])
  })
}
