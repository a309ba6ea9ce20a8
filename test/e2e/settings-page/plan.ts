/** Preview, approve, stale plans, undo. */
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'
import { smallProxy } from './small-proxy.js'
import { backend, countsOf, factReads, MODELS, open, refresh, sync } from './support.js'

export default async function planSuite(t: Test, browser: Browser): Promise<void> {
  await t.test('an empty answer is held: amber; approved, it is applied as it was shown', async (t) => {
    const server = await backend(t, { synced: true })
    server.litellm.setFault('/model/info', { kind: 'no-models' })
    server.litellm.setFault('/v1/models', { kind: 'no-models' })
    const { page, problems } = await open(t, browser, server)
    await refresh(page)
    await page.locator('.headline.warn').waitFor()
    await page.getByText(`${MODELS} held`, { exact: true }).waitFor()
    await factReads(page, 'Last attempt', /By hand, changes held/)
    t.equal(await page.locator('.headline.good, .badge.good').count(), 0)
    t.match(await page.locator('.advice.warn').textContent(), /nothing was lost/)
    await page.reload()
    await page.locator('.headline.warn').waitFor()

    await page.getByRole('link', { name: 'Preview and approve' }).click()
    await page.getByRole('button', { name: `held ${MODELS}` }).waitFor()
    t.match(await page.locator('.plan-row').first().textContent(), /would become unavailable.*looks like an outage/)
    const apply = page.locator('.apply .button')
    t.equal(await apply.textContent(), 'Choose what to apply', 'nothing that is held is chosen by itself')
    await page.getByRole('checkbox', { name: 'Choose all' }).check()
    await page.getByRole('button', { name: `Apply all: ${MODELS} models` }).waitFor()
    await page.getByRole('checkbox', { name: 'Choose none' }).uncheck()
    await page.getByRole('checkbox', { name: 'Apply: litellm/vendor-0/model-00000' }).check()
    await page.getByRole('checkbox', { name: 'Apply: litellm/vendor-1/model-00001' }).check()
    t.match(await page.locator('.apply').textContent(), /2 held changes among them/)
    await page.getByRole('button', { name: 'Apply these: 2 models' }).click()
    await page.getByText('2 unavailable', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'See the models' }).click()
    await page.getByLabel('Availability').selectOption('unavailable')
    await page.getByText(`2 of ${MODELS} models`).waitFor()
    t.same(problems, [])
  })

  await t.test('of a plan that is too large to show, all is approved only when a person says so', async (t) => {
    const models = 20_000
    const { url } = await backend(t, { models })
    const { page, problems } = await open(t, browser, { url }, '?view=preview')
    const rest = page.getByRole('checkbox', {
      name: /^Apply the whole plan, also the [\d,]+ more changes that cannot be shown here$/,
    })
    await rest.waitFor({ timeout: 60_000 })
    t.notOk(await rest.isChecked())
    t.match(
      await page.locator('.apply .button').textContent(),
      /^Apply these: \d{1,2},\d{3} models$/,
      'those that are shown',
    )
    await rest.check()
    t.equal(await page.getByRole('checkbox').count(), 1, 'a part is no longer chosen')
    await page.getByRole('button', { name: 'Apply the whole plan' }).click()
    await page.getByRole('heading', { name: 'Applied' }).waitFor({ timeout: 60_000 })
    t.match(await countsOf(page), ['20,000 new'])
    t.same(problems, [])
  })

  await t.test(
    'a choice that is too long for a proxy in front says what to do, and a shorter one goes through',
    async (t) => {
      const server = await backend(t)
      const url = await smallProxy(t, server.url, 1024)
      const { page, problems } = await open(t, browser, { url }, '?view=preview')
      await page.getByRole('checkbox', { name: 'Apply: litellm/vendor-0/model-00000' }).uncheck()
      await page.getByRole('button', { name: `Apply these: ${MODELS - 1} models` }).click()
      await page
        .getByText(
          'Your choice is longer than a proxy in front of this server lets through (413). Apply fewer models at a time, or the whole plan.',
        )
        .waitFor()
      t.equal(await page.getByText('Request Entity Too Large').count(), 0, 'and not what the proxy says of it')
      await page.getByRole('checkbox', { name: 'Choose all' }).check()
      await page.getByRole('checkbox', { name: 'Choose none' }).uncheck()
      await page.getByRole('checkbox', { name: 'Apply: litellm/vendor-0/model-00000' }).check()
      await page.getByRole('button', { name: 'Apply these: 1 model' }).click()
      await page.getByRole('heading', { name: 'Applied' }).waitFor()
      t.match(await countsOf(page), ['1 new'])
      t.same(problems, [])
    },
  )

  await t.test('what of the host’s hangs on models that would leave, of each and of all together', async (t) => {
    const host = await startHost(t, await createPostgresDatabase(t), {
      litellm: { models: manyRows(10) },
      settings: {
        settingsPage: true,
        impact: (models) => [
          { label: 'subscriptions', count: 1200 },
          { label: 'assistants', count: 3, modelId: models[0]?.modelId ?? '' },
        ],
      },
    })
    await host.sync()
    host.litellm.models.splice(0, 2)
    const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
    const { page, problems } = await open(t, browser, { url }, '?view=preview', { signedIn: false })
    await page.getByText('In use: 1,200 subscriptions.').waitFor()
    const rows = page.getByRole('list', { name: 'Planned changes' }).getByRole('listitem')
    t.match(await rows.first().textContent(), /vendor-0\/model-00000.*In use: 3 assistants/)
    t.notMatch(await rows.last().textContent(), /In use/)
    t.same(problems, [])
  })

  await t.test('a plan as a diff, filtered; a stale one shows what moved and writes nothing', async (t) => {
    const server = await backend(t, { synced: true })
    const { litellm } = server
    litellm.models.push(modelRow({ model_name: 'brand-new' }))
    litellm.models[3]!.model_info['max_output_tokens'] = 777
    litellm.models.splice(0, 1)
    const { page, problems } = await open(t, browser, server)
    await page.getByRole('button', { name: 'More ways to refresh' }).click()
    await page.getByRole('button', { name: /Preview changes/ }).click()
    await page.getByRole('button', { name: 'Apply all: 3 models' }).waitFor()
    const rows = page.getByRole('list', { name: 'Planned changes' }).getByRole('listitem')
    t.match(await rows.allTextContents(), [
      /unavailable.*model-00000.*no longer listed/,
      /updated.*model-00003.*Max output from.*to 777 tokens/,
      /added.*litellm\/brand-new.*\$2\.50 per 1M tokens/,
    ])
    await page.getByRole('button', { name: 'added 1' }).click()
    t.equal(await rows.count(), 1)
    await page.getByRole('button', { name: 'All 3' }).click()
    await page.getByLabel('Search the plan').fill('00003')
    await rows.nth(1).waitFor({ state: 'detached' })
    t.equal(await rows.count(), 1)
    await page.getByLabel('Search the plan').fill('')

    litellm.models.pop()
    litellm.models.push(modelRow({ model_name: 'came-meanwhile' }))
    await page.getByRole('button', { name: 'Apply all: 3 models' }).click()
    const notice = page.locator('.notice.warn')
    await notice.waitFor()
    t.match(await notice.textContent(), /stale: nothing was written.*1 change below moved.*litellm\/brand-new/)
    t.match(await page.locator('.plan-row', { hasText: 'moved' }).allTextContents(), [/came-meanwhile/])
    await page.getByRole('checkbox', { name: /model-00003/ }).uncheck()
    await page.getByRole('button', { name: 'Apply these: 2 models' }).click()
    await page.getByRole('heading', { name: 'Applied' }).waitFor()
    t.match(await countsOf(page), ['1 new', '0 updated', '1 unavailable'])
    t.same(problems, [])
  })

  await t.test(
    'of providers that cannot be read there is no plan, and nobody says that nothing would change',
    async (t) => {
      const server = await backend(t, { synced: true })
      await server.litellm.close()
      const { page } = await open(t, browser, server, '?view=preview')
      await page.getByRole('heading', { name: 'Nothing can be planned' }).waitFor()
      t.match(await page.locator('.advice.bad').textContent(), /LiteLLM cannot be reached.*nothing listens at/)
    },
  )

  await t.test('a stale plan of which nothing is left says so', async (t) => {
    const server = await backend(t, { synced: true })
    server.litellm.models.splice(0, 1)
    const { page } = await open(t, browser, server, '?view=preview')
    const apply = page.getByRole('button', { name: 'Apply all: 1 model' })
    await apply.waitFor()
    await sync(server.url)
    await apply.click()
    await page.getByText('1 change of the old plan is gone').waitFor()
    await page.getByRole('heading', { name: 'Nothing would change' }).waitFor()
    t.equal(await page.locator('.apply').count(), 0)
  })

  await t.test('the undo of a run, with its preview', async (t) => {
    const server = await backend(t, { synced: true })
    server.litellm.models.splice(0, 2)
    const { page, problems } = await open(t, browser, server)
    await refresh(page)
    await page.getByText('2 unavailable', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Changes' }).click()
    const newest = page.locator('.timeline-entry').first()
    t.match(await newest.textContent(), /2 unavailable.*model-00001.*no longer listed/)
    await newest.getByRole('link', { name: 'Undo…' }).click()
    await page.getByRole('heading', { name: 'Undo a run' }).waitFor()
    t.match(await page.locator('.plan-row').allTextContents(), [/restored.*model-00000/, /restored.*model-00001/])
    await page.getByRole('button', { name: 'Take this back' }).click()
    await page.getByText('2 restored', { exact: true }).waitFor()
    t.same((await countsOf(page)).sort(), ['118 unchanged', '2 restored'], 'what is zero is not shown')
    t.match(await page.locator('.provider-lines').textContent(), /^LiteLLMtaken back\d/)
    await page.getByRole('link', { name: 'History' }).click()
    t.match(await page.locator('.run-line').first().textContent(), /undo/)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('All available').waitFor()
    t.same(problems, [])
  })
}
