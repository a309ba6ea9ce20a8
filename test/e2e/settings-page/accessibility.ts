/** Each view, light and wide, dark and narrow: axe finds nothing, nothing is cut off, the console is silent. */
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

  // axe at one width of each scheme: it takes most of the time, and looks at the same elements at the other.
  for (const { colorScheme, width, other } of [
    { colorScheme: 'light', width: 1280, other: 360 },
    { colorScheme: 'dark', width: 360, other: 1280 },
  ] as const) {
    const { page, problems } = await open(t, browser, server, '', { width, colorScheme })
    for (const [name, query, ready] of VIEWS) {
      await page.goto(`${server.url}/settings${query}`)
      await page.locator(ready).first().waitFor()
      t.same(await violations(page, axe), [], `${name}, ${colorScheme}, ${width}: nothing that axe finds`)
      for (const each of [width, other]) {
        await page.setViewportSize({ width: each, height: 900 })
        t.equal(
          await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
          true,
          `${name}, ${each}: fits`,
        )
      }
      await page.setViewportSize({ width, height: 900 })
    }
    t.same(problems, [], `${colorScheme}: no error, no warning, no breach of the policy`)
  }
}

async function violations(page: Page, axe: string): Promise<string[]> {
  // After the drawer has slid in: half transparent, nothing has contrast enough.
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))')
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`),
  )
}
