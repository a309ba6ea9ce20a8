/** 10,000 mutated answers of each dialect: none ends in an error of ours, none in a value that the catalogue cannot hold. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { survivesMutations } from '../stories/sources/mutated-answers.js'
import type { SourceFixture } from '../sources/source-fixture.js'

const RUNS = 10_000
// A provider that shares its dialect reads no fewer than that, since each has a few members of its own.
const LEAST_RUNS = 600

t.setTimeout(300_000)
const folder = new URL('../sources/fixtures/', import.meta.url)
const fixtures = await Promise.all(
  readdirSync(folder)
    .filter((name) => /\.[jt]s$/.test(name))
    .map(async (name) => ((await import(new URL(name, folder).href)) as { default: SourceFixture }).default),
)
// A dialect is a parse function; those that one factory makes are spelled alike.
const dialectOf = ({ source }: SourceFixture): string => String(source.listings[0]?.parse)

for (const fixture of fixtures) {
  const sharing = fixtures.filter((other) => dialectOf(other) === dialectOf(fixture)).length
  const runs = Math.max(LEAST_RUNS, Math.ceil(RUNS / sharing))
  t.test(`${fixture.source.slug}: ${runs} mutated answers`, (t) => survivesMutations(t, fixture, runs))
}
