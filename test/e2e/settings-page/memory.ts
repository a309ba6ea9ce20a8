/** What the catalogue remembers: pictures over days, what a model has cost, what is new since somebody looked; and a probe. */
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { ageDatabase } from '../../support/age-database.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { backend, MODELS, open, sync, TOKEN } from './support.js'

const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

/** How many pixels of a picture have a colour of the page, given as its custom property, and where their middle is, from 0 to 1. */
const PIXELS = `(canvas, name) => {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = 'var(' + name + ')'
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number)
  probe.remove()
  // A copy: the picture's own canvas would warn that it is read.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
  let count = 0
  let sum = 0
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] === 255 && wanted.every((value, index) => data[at + index] === value)) {
      count++
      sum += (at / 4) % canvas.width
    }
  return { count, middle: sum / count / canvas.width }
}`

export default async function memorySuite(t: Test, browser: Browser): Promise<void> {
  const server = await backend(t, { synced: true, settings: { probe: true } })
  const { litellm, database, url } = server
  const body = JSON.stringify({ provider: 'own', providerModelId: 'by-hand', mode: 'chat' })
  await fetch(`${url}/models`, { method: 'POST', headers: HEADERS, body })
  await ageDatabase(database.poolConfig, 3)
  const priced = litellm.models[1]!
  priced.model_info['input_cost_per_token'] = 0.00000125
  await sync(url)
  await ageDatabase(database.poolConfig, 2)
  litellm.models.splice(2, 2)
  await sync(url)
  await fetch(`${url}/models/sync/seen`, { method: 'POST', headers: HEADERS, body: '{}' })
  for (const name of ['new-a', 'new-b', 'new-c']) litellm.models.push(modelRow({ model_name: name }))
  await sync(url)

  await t.test('the sizes by provider and the changes of each day, with their numbers when pointed at', async (t) => {
    // West of UTC, where its midnight is still the day before.
    const { page, problems } = await open(t, browser, server, '', { timezoneId: 'America/Los_Angeles' })
    const sizes = page.getByRole('img', { name: 'Available models by provider over the last 6 days' })
    const changes = page.getByRole('img', { name: `Changes per day over the last 6 days: ${MODELS + 7} in all` })
    await changes.locator('canvas').waitFor()
    t.ok((await pixels(page, 0, '--chart-0')) > 100, 'a line for LiteLLM')
    t.ok((await pixels(page, 0, '--chart-1')) > 100, 'and one for the local models')
    for (const [color, kind] of Object.entries({ 5: 'unavailable', 0: 'updated', 2: 'added' }))
      t.ok((await pixels(page, 1, `--chart-${color}`)) > 10, `bars for what is ${kind}`)
    const legendOf = async (picture: typeof sizes, share: number) => {
      const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 }
      await picture.hover({ position: { x: width * share, y: height / 2 } })
      return page.locator('figure', { has: picture }).locator('.legend').textContent()
    }
    const day = (ago: number) =>
      new Date(Date.now() - ago * 86_400_000).toLocaleDateString('en-US', {
        month: 'short',
        day: 'numeric',
        timeZone: 'UTC',
      })
    t.equal(await legendOf(sizes, 0.95), `LiteLLM${MODELS + 1}own1${day(0)} (UTC)`)
    t.same(
      await page.getByRole('list', { name: 'Available models by provider' }).getByRole('listitem').allTextContents(),
      [`LiteLLM${MODELS + 1}`, 'own1'],
      'the list counts what the picture counts',
    )
    t.equal(await legendOf(changes, 0.93), `Unavailable2Updated0Added or back3${day(0)} (UTC)`)
    t.equal(await legendOf(changes, 0.14), `Unavailable0Updated0Added or back${MODELS + 1}${day(5)} (UTC)`)
    t.same(problems, [])
  })

  await t.test('the changes of the first day stand in the middle, not at the edge of years', async (t) => {
    const { page } = await open(t, browser, await backend(t, { synced: true }))
    await page.getByRole('img', { name: `Changes per day over the last 1 day: ${MODELS} in all` }).waitFor()
    await page.locator('.chart canvas').waitFor()
    const { middle } = await colored(page, 0, '--chart-2')
    // The axis of numbers is on the left.
    t.ok(middle > 0.4 && middle < 0.65, String(middle))
  })

  await t.test('three new models, until somebody has looked', async (t) => {
    const { page } = await open(t, browser, server)
    const { page: other } = await open(t, browser, server)
    await page.getByRole('link', { name: '3 new models' }).click()
    await page.waitForURL(/sort=-firstSeenAt/)
    await page.locator('tbody .model-id', { hasText: 'new-a' }).waitFor()
    t.same((await page.locator('tbody .model-id').allTextContents()).slice(0, 3).sort(), [
      'litellm/new-a',
      'litellm/new-b',
      'litellm/new-c',
    ])
    await page.getByRole('link', { name: '3 new models' }).waitFor({ state: 'detached' })
    await other.getByRole('link', { name: '3 new models' }).waitFor({ state: 'detached' })
    await page.reload()
    await page.locator('.strip-standing.good').waitFor()
    t.equal(await page.locator('.strip-badges .badge').count(), 0)
  })

  await t.test('a price that changed, and a probe that answers, or not and why', async (t) => {
    const id = `litellm/${priced.model_name}`
    const { page, problems } = await open(t, browser, server, `?view=models&model=${encodeURIComponent(id)}`)
    const drawer = page.getByRole('dialog', { name: priced.model_name })
    const section = drawer.getByRole('region', { name: 'Price over time' })
    await section.getByRole('img', { name: /Price per 1M tokens over time, 2 periods/ }).waitFor()
    await section.locator('canvas').waitFor()
    t.ok((await pixels(page, 0, '--chart-0')) > 100)
    t.match(await section.locator('.price-lines li').allTextContents(), [
      /^since 2 days ago \$1\.25 in/,
      /^since 5 days ago \$[\d.]+ in/,
    ])

    const probe = drawer.getByRole('region', { name: 'Probe' })
    await probe.getByRole('button', { name: 'Ask the model' }).click()
    await probe.getByText(/^answers, \d+ ms$/).waitFor()
    litellm.models.splice(litellm.models.indexOf(priced), 1)
    await probe.getByRole('button', { name: 'Ask the model' }).click()
    await probe.getByText(/It does not answer: .*400.*Invalid model name passed in/).waitFor()
    t.same(problems, [])
  })
}

async function pixels(page: Page, picture: number, color: string): Promise<number> {
  return (await colored(page, picture, color)).count
}

async function colored(page: Page, picture: number, color: string): Promise<{ count: number; middle: number }> {
  return page.evaluate(`(${PIXELS})(document.querySelectorAll('.chart canvas')[${picture}], '${color}')`)
}
