/** The models: search, filters, sort, columns, export, and one model's drawer with its pins. */
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import type { ModelDetail } from '../../../src/client/contract.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { backend, MODELS, open, sync, TOKEN } from './support.js'

export default async function modelsSuite(t: Test, browser: Browser): Promise<void> {
  await t.test('search and filters, all in the address', async (t) => {
    const server = await backend(t, { synced: true })
    const { page, requests, problems } = await open(t, browser, server, '?view=models', { signedIn: false })
    await page.locator('.model-link').first().waitFor()
    await page.getByLabel('Search models').pressSequentially('model-00017', { delay: 20 })
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    t.equal(await page.locator('tbody tr').count(), 1)
    t.match(await page.locator('tbody tr').textContent(), 'litellm/vendor-17/model-00017')
    t.equal(requests.filter((request) => request.includes('search=')).length, 1, 'asked once, when the typing paused')
    await page.reload()
    await page.getByText(`1 of ${MODELS} models`).waitFor()
    t.equal(await page.getByLabel('Search models').inputValue(), 'model-00017', 'a reload keeps the view')
    await page.getByLabel('Availability').selectOption('unavailable')
    await page.getByText('No model matches.').waitFor()
    await page.getByRole('button', { name: 'Clear search and filters' }).click()
    await page.getByText(`${MODELS} models`, { exact: true }).waitFor()
    t.equal(await page.getByLabel('Search models').inputValue(), '')

    await page.getByRole('button', { name: 'Price and context' }).click()
    await page.getByLabel('Context from').fill('a lot')
    await page.getByText('Not a number of tokens: left out').waitFor()
    await page.getByRole('button', { name: 'Price and context', exact: true }).waitFor()
    await page.getByLabel('Context from').fill('524k')
    await page.getByText('left out').waitFor({ state: 'detached' })
    await page.getByLabel('Input price to').fill('5')
    await page.waitForURL(/minContext=524k.*maxInput=5/)
    await page.locator('.table-scroll[aria-busy=false]').waitFor()
    const asked = new URL(requests.findLast((request) => request.includes('maxInputCost')) ?? '')
    t.match(Object.fromEntries(asked.searchParams), { minContext: '524000', maxInputCost: '0.000005' })
    const contexts = await page.locator('tbody td[data-label=Context]').allTextContents()
    t.ok(contexts.length > 0 && contexts.every((text) => text === '524,288'), contexts.join())
    t.same(problems, [])
  })

  await t.test('ids with dot segments open like any other', async (t) => {
    const server = await backend(t)
    server.litellm.models.push(modelRow({ model_name: 'team/../gpt' }), modelRow({ model_name: 'team/./gpt' }))
    await sync(server.url)
    for (const id of ['litellm/team/../gpt', 'litellm/team/./gpt']) {
      const { page, problems } = await open(t, browser, server, '?view=models&search=team')
      await page.getByRole('link', { name: id }).click()
      await page.getByRole('dialog').getByText('128,000').first().waitFor()
      await page.reload()
      await page.getByRole('dialog').getByText('128,000').first().waitFor()
      t.same(problems, [], id)
    }
  })

  await t.test('sorts, columns, prices for people, Back', async (t) => {
    const server = await backend(t)
    server.litellm.models.push(
      modelRow({ model_name: 'priced', model_info: { input_cost_per_token: 7.5e-8, output_cost_per_token: 0 } }),
      modelRow({ model_name: 'unpriced', model_info: { input_cost_per_token: null, output_cost_per_token: null } }),
    )
    await sync(server.url)
    const { page } = await open(t, browser, server, '?view=models&search=priced')
    const cells = (name: string) => page.getByRole('row', { name }).getByRole('cell').allTextContents()
    await page.getByRole('row', { name: 'litellm/priced' }).waitFor()
    t.match(await cells('litellm/priced'), ['LiteLLM', 'openai', 'chat', '128,000', '$0.075'])
    t.match(await cells('litellm/unpriced'), ['LiteLLM', 'openai', 'chat', '128,000', '—', '—'])
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByLabel('Max output').check()
    await page.getByLabel('Owned by').uncheck()
    await page.keyboard.press('Escape')
    t.match(await cells('litellm/priced'), ['LiteLLM', 'chat', '128,000', '16,384', '$0.075'])
    await page.getByLabel('Search models').fill('')
    await page.getByRole('button', { name: /^Input/ }).click()
    await page
      .getByRole('columnheader', { name: /Input/, includeHidden: true })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor()
    await page.getByRole('button', { name: /^Input/ }).click()
    await page.waitForURL(/sort=-inputCostPerToken/)
    await page.getByRole('link', { name: 'History' }).click()
    await page.locator('.run-line').waitFor()
    await page.goBack()
    await page.waitForURL(/sort=-inputCostPerToken/)
    await page.locator('[aria-sort=descending]').waitFor()
  })

  await t.test('on a narrow screen each model is a card, and is sorted all the same', async (t) => {
    const server = await backend(t, { models: 30 })
    server.litellm.models.push(
      modelRow({ model_name: 'dear', model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }),
    )
    await sync(server.url)
    const { page, problems } = await open(t, browser, server, '?view=models&columns=name', { width: 390 })
    await page.getByLabel('Sort').selectOption('Input, descending')
    await page.waitForURL(/sort=-inputCostPerToken/)
    const first = page.locator('tbody tr').first()
    await first.getByText('$1,000.00').first().waitFor()
    t.match(await first.textContent(), /dear/)
    await page.getByRole('button', { name: 'More ways to refresh' }).click()
    const { x, width } = (await page.locator('.popover-panel').boundingBox()) ?? { x: -1, width: 0 }
    t.ok(x >= 0 && x + width <= 390, 'the menu is on the screen as a whole')
    await page.keyboard.press('Escape')
    server.litellm.models.splice(0, 1)
    await sync(server.url)
    await page.getByLabel('Availability').selectOption('unavailable')
    // A click lands on what can be seen.
    await page.locator('.availability-word.unavailable').click({ trial: true })
    t.equal(await page.getByRole('button', { name: 'Columns' }).count(), 0, 'a card has no columns to choose')
    t.same(problems, [])
  })

  await t.test(
    'a backend that sends no probes says what turns them on, and asks nobody to sign in again',
    async (t) => {
      const server = await backend(t, { synced: true })
      const { page } = await open(t, browser, server, '?view=models&model=litellm%2Fvendor-1%2Fmodel-00001')
      await page.getByRole('button', { name: 'Ask the model' }).click()
      await page.locator('.probe').getByText('MODEL_SYNC_PROBE').waitFor()
      t.equal(await page.locator('dialog[open]').count(), 1, 'the drawer alone')
    },
  )

  await t.test('a local model’s fields are its own: changed and saved, not pinned', async (t) => {
    const server = await backend(t)
    const body = JSON.stringify({ provider: 'own', providerModelId: 'by-hand', mode: 'chat' })
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    await fetch(`${server.url}/models`, { method: 'POST', headers, body })
    const { page } = await open(t, browser, server, '?view=models&model=own%2Fby-hand')
    const drawer = page.getByRole('dialog', { name: 'by-hand' })
    await drawer.getByRole('button', { name: 'Change Context length' }).click()
    await drawer.getByLabel('Context length').fill('8k')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.locator('.change-line', { hasText: 'Context length' }).getByText('by hand (admin)').waitFor()
    t.equal(await drawer.getByRole('button', { name: /^Pin/ }).count(), 0)
  })

  await t.test('the whole list as CSV and JSON', async (t) => {
    const server = await backend(t, { synced: true, models: 620 })
    const { page } = await open(t, browser, server, '?view=models&search=model')
    await page.locator('.model-link').first().waitFor()
    for (const format of ['CSV', 'JSON']) {
      await page.getByRole('button', { name: 'Export' }).click()
      const started = page.waitForEvent('download')
      await page.getByRole('button', { name: format }).click()
      const text = await readFile(await (await started).path(), 'utf8')
      if (format === 'JSON') t.equal((JSON.parse(text) as unknown[]).length, 620)
      else
        t.match([text.split('\r\n').length, text.split('\r\n')[1]], [622, /^litellm\/vendor-0\/model-00000,litellm,/])
    }
  })

  await t.test('a row that scrolls away takes the focus of no other model', async (t) => {
    const server = await backend(t, { synced: true })
    const { page } = await open(t, browser, server, '?view=models')
    const link = page.locator('.model-link').first()
    await link.focus()
    await page.evaluate("document.querySelector('.table-scroll').scrollTop = 3000")
    await page.locator('tr[aria-rowindex="60"] .model-link').waitFor()
    t.equal(await page.evaluate('document.activeElement.className'), 'table-scroll')
    await page.keyboard.press('Home')
    await page.locator('tr[aria-rowindex="2"] .model-link').waitFor()
    t.equal(await page.locator('.model-link').first().getAttribute('title'), 'litellm/vendor-0/model-00000')
  })

  await t.test('a model’s drawer: fields, a pin set and taken back, a conflict, changes; the keyboard', async (t) => {
    const server = await backend(t, { synced: true })
    const { page, problems } = await open(t, browser, server, '?view=models&search=0000')
    const first = page.locator('.model-link').first()
    await first.focus()
    await page.keyboard.press('ArrowDown')
    t.match(await page.evaluate('document.activeElement.title'), 'model-00001')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'vendor-1/model-00001' })
    await drawer.getByRole('button', { name: 'Pin Context length' }).click()
    await drawer.getByLabel('Context length').fill('nonsense')
    await page.keyboard.press('Enter')
    await drawer.getByText('This value does not fit here').waitFor()
    await drawer.getByLabel('Context length').fill('200k')
    await page.keyboard.press('Enter')
    const line = drawer.locator('.field-line', { hasText: 'Context length' })
    await line.getByText('pinned').waitFor()
    t.match(await line.textContent(), /200,000 tokens/)
    t.match(await drawer.locator('.notice.warn').textContent(), /pinned 200,000 tokens, upstream/)
    await drawer.locator('.change-line', { hasText: 'Context length' }).waitFor()
    const display = await page.evaluate("getComputedStyle(document.querySelector('.drawer .change-line')).display")
    t.equal(display, 'grid', 'its changes have their looks also where the view of changes was never opened')
    await drawer.getByRole('button', { name: 'Unpin Context length' }).click()
    await line.getByText('upstream').waitFor()
    await drawer.getByRole('button', { name: 'Pin Input price' }).click()
    await drawer.getByLabel('Input price').fill('1,25')
    await page.keyboard.press('Enter')
    await drawer.getByText('This value does not fit here').waitFor()
    await drawer.getByLabel('Input price').fill('1.25')
    await page.keyboard.press('Enter')
    await drawer.getByText('$1.25 per 1M tokens').first().waitFor()
    const typed: [field: string, text: string, shown: string][] = [
      ['Output price', '0.1234567890123', '$0.1234567890123 per 1M tokens'],
      ['Cache read price', '0', 'free'],
      ['Other prices', 'input_audio 2.5 USD per 1M tokens\nimage 0.04 EUR per image', 'EUR 0.04 per image'],
      ['Description', 'Two\nlines', 'Two'],
      ['Deployments', '7', '7'],
      ['Created', '2025-06-01T12:00Z', 'Jun 1, 2025'],
      ['Aliases', 'one, two', 'one, two'],
    ]
    for (const [field, text, shown] of typed) {
      const own = drawer.locator('.field-line', { has: page.getByText(field, { exact: true }) })
      await own.getByRole('button', { name: `Pin ${field}` }).click()
      await own.getByLabel(field, { exact: true }).fill(text)
      await own.getByRole('button', { name: 'Pin', exact: true }).click()
      // Upstream states these two, and more than ten times as much.
      if (field === 'Output price' || field === 'Cache read price') {
        t.match(
          await own.getByRole('alert').textContent(),
          /is (1\/[\d.]+|nothing) of upstream’s .*press the button again/,
        )
        await own.getByRole('button', { name: 'Pin', exact: true }).click()
      }
      await own.getByText('pinned').waitFor()
      t.match(await own.locator('.field-value').textContent(), shown)
    }
    await drawer.getByRole('button', { name: 'Pin Mode' }).click()
    await drawer.getByLabel('Mode', { exact: true }).selectOption('image generation')
    await drawer.getByRole('button', { name: 'Pin', exact: true }).click()
    await drawer.getByRole('button', { name: 'Unpin Mode' }).waitFor()
    for (const [able, shown] of [
      ['no', /no computer use/],
      ['yes', /(^|, )computer use/],
    ] as const) {
      await drawer.getByRole('button', { name: /^(Pin|Change) Capabilities/ }).click()
      await drawer.getByLabel('computer use').selectOption(able)
      await drawer.getByRole('button', { name: 'Pin', exact: true }).click()
      await drawer.getByRole('button', { name: 'Change Capabilities' }).waitFor()
      await drawer.locator('.field-line', { hasText: 'Capabilities' }).getByText(shown).waitFor()
    }
    const stored = (await (await fetch(`${server.url}/models/litellm/vendor-1/model-00001`)).json()) as ModelDetail
    t.match(stored.pins, {
      inputCostPerToken: '0.00000125',
      outputCostPerToken: '0.0000001234567890123',
      cacheReadCostPerToken: '0',
      otherPrices: [
        { kind: 'image', unit: 'image', currency: 'EUR', price: '0.04' },
        { kind: 'input_audio', unit: 'token', currency: 'USD', price: '0.0000025' },
      ],
      capabilities: { computerUse: true },
      mode: 'image_generation',
    })
    for (let left = Object.keys(stored.pins).length; left > 0; left--) {
      const first = drawer.getByRole('button', { name: /^Unpin/ }).first()
      const name = (await first.getAttribute('aria-label')) ?? ''
      await first.click()
      await drawer.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' })
    }
    await drawer.locator('.tag.source-pin').waitFor({ state: 'detached' })
    await drawer.getByText('What upstream says, as it came').click()
    t.match(await drawer.locator('pre').textContent(), /"model_name": "vendor-1\/model-00001"/)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.waitForURL((address) => !address.searchParams.has('model'))
    t.match(await page.evaluate('document.activeElement.title'), 'model-00001', 'the focus is where it was')
    t.same(problems, [])
  })
}
