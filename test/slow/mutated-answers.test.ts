/** 10,000 mutated answers of each provider's API: none ends in an error of ours, none in a value that the catalogue cannot hold. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { survivesMutations } from '../sources/mutated-answers.js'
import type { SourceFixture } from '../sources/source-fixture.js'

const RUNS = Number(process.env['MUTATIONS'] ?? 10_000)
const folder = new URL('../sources/fixtures/', import.meta.url)

t.setTimeout(300_000)
for (const file of readdirSync(folder).filter((name) => /\.[jt]s$/.test(name))) {
  t.test(`${file.slice(0, -3)}: ${RUNS} mutated answers`, async (t) => {
    const { default: fixture } = (await import(new URL(file, folder).href)) as { default: SourceFixture }
    await survivesMutations(t, fixture, RUNS)
  })
}
