/** Each view, light and dark, narrow and wide: axe finds nothing, nothing is cut off, the console is silent. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { modelRow } from '../../support/loopback-litellm.js'
import { backend, open, sync } from './support.js'

const VIEWS: [name: string, query: string, ready: string][] = [
  ['overview', '', '.few li'],
  ['models', '?view=models', '.model-link'],
  ['model', '?view=models&model=litellm%2Fvendor-1%2Fmodel-00001', '.drawer .field-line'],
  ['changes', '?view=changes', '.change-line'],
  ['history', '?view=history', '.run-line'],
  ['providers', '?view=providers', '.provider'],
  ['names', '?view=names', '.names-form'],
  ['preview', '?view=preview', '.plan-row'],
]

type Rules = { type: 'tag' | 'rule'; values: string[] }

const ALL: Rules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
// What hangs on colours and sizes: the rest looks at the same elements, and takes its time.
const LOOK: Rules = {
  type: 'rule',
  values: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
}
const LOOKS = [
  { colorScheme: 'light', width: 1280, rules: ALL },
  { colorScheme: 'dark', width: 1280, rules: LOOK },
  { colorScheme: 'dark', width: 360, rules: ALL },
  { colorScheme: 'light', width: 360, rules: LOOK },
] as const

interface Violation {
  id: string
  help: string
  nodes: { target: string[]; failureSummary: string }[]
}

export default async function accessibilitySuite(t: Test, browser: Browser): Promise<void> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const server = await backend(t, { synced: true })
  server.litellm.models.splice(0, 2)
  server.litellm.models[0]!.model_info['max_output_tokens'] = 777
  await sync(server.url)
  server.litellm.models.push(modelRow({ model_name: 'planned' }))
  server.litellm.models[0]!.model_info['input_cost_per_token'] = 0.001

  const { page, problems } = await open(t, browser, server)
  for (const [name, query, ready] of VIEWS) {
    await page.goto(`${server.url}/settings${query}`)
    await page.locator(ready).first().waitFor()
    for (const { colorScheme, width, rules } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      t.same(await violations(page, axe, rules), [], `${name}, ${colorScheme}, ${width}: nothing that axe finds`)
      t.ok(await fits(page), `${name}, ${width}: fits`)
    }
    await page.setViewportSize({ width: 3840, height: 2160 })
    t.ok(await fits(page), `${name}, 4K: fits`)
    const main = await page.locator('main').evaluate((element: { clientWidth: number }) => element.clientWidth)
    t.ok(main > 1800 && main <= 2400, `${name}, 4K: ${main} px are filled, lines that can still be read`)
  }

  await t.test('by the keyboard alone: to a view, into the menu, through a plan', async (t) => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`${server.url}/settings`)
    await page.locator('.few li').first().waitFor()
    await page.keyboard.press('Tab')
    t.equal(await focused(page), 'Skip to the content')
    await tabTo(page, 'Models')
    await page.keyboard.press('Enter')
    await page.locator('.model-link').first().waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'main', 'another view begins at its start')
    await page.reload()
    await page.locator('.model-link').first().waitFor()
    await tabTo(page, 'More ways to refresh')
    await page.keyboard.press('Enter')
    await tabTo(page, /^Preview changes/)
    await page.keyboard.press('Enter')
    await page.locator('.plan-row').first().waitFor()
    await tabTo(page, 'Apply: litellm/planned')
    const choice = page.getByRole('checkbox', { name: 'Apply: litellm/planned' })
    const before = await choice.isChecked()
    await page.keyboard.press('Space')
    t.equal(await choice.isChecked(), !before)
    if (before) await page.keyboard.press('Space')
    await tabTo(page, /^Apply (?:all|these): /)
    await page.keyboard.press('Enter')
    await page.getByText('1 new', { exact: true }).waitFor()
  })
  t.same(problems, [], 'no error, no warning, no breach of the policy')
}

/** The name of what has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    '(({ labels, ariaLabel, textContent }) => ariaLabel ?? (labels?.[0]?.textContent || textContent).trim())(document.activeElement)',
  )
}

async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let stops = 0; stops < 100; stops += 1) {
    await page.keyboard.press('Tab')
    const found = await focused(page)
    if (typeof name === 'string' ? found === name : name.test(found)) return
  }
  throw new Error(`Tab never comes to ${String(name)}`)
}

async function fits(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')
}

async function violations(page: Page, axe: string, rules: Rules): Promise<string[]> {
  // After the drawer has slid in: half transparent, nothing has contrast enough.
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))')
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run({ resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} })`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`),
  )
}
