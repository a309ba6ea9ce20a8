/** The settings page in a real Chromium, against the reference backend on PostgreSQL and a loopback LiteLLM. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import accessibility from './settings-page/accessibility.js'
import hostSession from './settings-page/host-session.js'
import largeCatalogue from './settings-page/large-catalogue.js'
import memory from './settings-page/memory.js'
import models from './settings-page/models.js'
import operations from './settings-page/operations.js'
import plan from './settings-page/plan.js'
import signIn from './settings-page/sign-in.js'
import sync from './settings-page/sync.js'
import waiting from './settings-page/waiting.js'
import { buildPage, CHROMIUM, FLAGS } from './settings-page/support.js'

// Milliseconds; a dozen servers, each with a database of its own, on a machine that may be busy. Below the limit of CI for a file.
const TIMEOUT = 490_000
t.setTimeout(TIMEOUT)

const skip = existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM} (apt-get install chromium)`
if (skip !== false) console.error(`\nSKIPPED: the settings page was not tested, ${skip}.\n`)

t.test('the settings page', { skip, timeout: TIMEOUT }, async (t) => {
  await buildPage()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  t.teardown(() => browser.close())
  for (const [name, suite] of Object.entries({
    sync,
    plan,
    models,
    memory,
    operations,
    signIn,
    hostSession,
    accessibility,
    largeCatalogue,
    waiting,
  }))
    await t.test(name, (t) => suite(t, browser))
})
