/** 50,000 models: the first rows within a second, and no frame over 50 ms while they scroll. */
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { backend, open } from './support.js'

const MANY = 50_000
/** Milliseconds. */
const LONGEST_FRAME = 50
const FIRST_ROWS = 1_000

/** What a page that does nothing gets of this machine: the longest time between two of so many frames, in milliseconds. */
const IDLE = `new Promise((resolve) => {
  const frames = []
  let before = performance.now()
  const step = (now) => {
    frames.push(now - before)
    before = now
    if (frames.length < 150) requestAnimationFrame(step)
    else resolve(Math.max(...frames.slice(1)))
  }
  requestAnimationFrame(step)
})`

/** Scrolls 400 pixels at each frame for so many frames; gives the longest time between two of them, in milliseconds. */
const SCROLL = `new Promise((resolve) => {
  const list = document.querySelector('.table-scroll')
  const frames = []
  let before = performance.now()
  const step = (now) => {
    frames.push(now - before)
    before = now
    list.scrollTop += 400
    if (frames.length < 150) requestAnimationFrame(step)
    else resolve(frames.slice(1).sort((a, b) => b - a))
  }
  requestAnimationFrame(step)
})`

export default async function largeCatalogueSuite(t: Test, browser: Browser): Promise<void> {
  const providerOptions = { litellm: { maxBodyBytes: 256 * 1024 * 1024, maxValues: 20_000_000, timeoutMs: 120_000 } }
  const server = await backend(t, { synced: true, models: MANY, settings: { providerOptions } })
  // Once, so that what is measured is the list and not the first start of the browser's parts.
  await open(t, browser, server)
  const { page, problems } = await open(t, browser, server, '', { signedIn: false })
  await page.getByText('50,000 models').first().waitFor()
  // The middle one of three: what else runs on the cores, as a checkpoint of the database, is not the page's.
  const waits: number[] = []
  const longest: number[] = []
  let limit = LONGEST_FRAME
  for (let time = 0; time < 3; time++) {
    await page.goto('about:blank')
    limit = Math.max(limit, await page.evaluate<number>(IDLE))
    await page.goto(`${server.url}/settings?view=models`)
    await page.locator('.model-link').first().waitFor()
    waits.push(await page.evaluate<number>('performance.now()'))
    await page.getByText('50,000 models', { exact: true }).waitFor()
    t.ok((await page.locator('tbody tr').count()) < 60, 'only rows in view exist')
    // Three frames of 16.67 ms are told as 50.01 at times.
    longest.push(Math.round((await page.evaluate<number[]>(SCROLL))[0] ?? Infinity))
  }
  const told = (times: number[]) => times.map((time) => Math.round(time)).join(', ')
  const middle = (times: readonly number[]) => times.toSorted((a, b) => a - b)[1] ?? Infinity
  t.ok(middle(waits) <= FIRST_ROWS, `the first rows are there after ${told(waits)} ms, of ${FIRST_ROWS}`)
  if (limit > LONGEST_FRAME)
    console.error(
      `\nBUSY MACHINE: an empty page has frames of ${told([limit])} ms here, so that stands for ${LONGEST_FRAME} ms.\n`,
    )
  t.ok(middle(longest) <= limit, `the longest frames are ${told(longest)} ms, of ${told([limit])}`)
  await page.locator('.table-scroll tr.available').first().waitFor()

  const search = page.getByLabel('Search models')
  await search.fill('model-49999')
  await page.getByText('1 of 50,000 models').waitFor()
  t.match(await page.locator('tbody tr').textContent(), 'model-49999')
  t.same(problems, [])
}
