/** Recorded answers, where they lie beside the repository: every one is understood, and as a person once found it right. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { describePricePerMillion } from '../../../src/core/model/price-text.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { sources } from '../../../src/sources/all-sources.js'
import { openaiCompatibleEndpoint } from '../../../src/sources/kit/openai-compatible.js'
import type { Listing } from '../../../src/sources/kit/source.js'
import { ROOT } from '../../support/root.js'
import { checkFields } from './mutated-answers.js'
import { OF_NO_LISTING, UNDERSTOOD } from './understood-samples.js'

const SAMPLES = new URL('../shared/reference/samples/', ROOT)

const endpoint = openaiCompatibleEndpoint({ slug: 'endpoint', address: 'http://127.0.0.1:1', keyVariable: null })

if (!existsSync(SAMPLES)) t.pass('no samples here')
else {
  const there = ['', 'shapes/'].flatMap((folder) =>
    readdirSync(new URL(folder, SAMPLES))
      .filter((file) => file.endsWith('.json'))
      .map((file) => folder + file),
  )
  // The samples are not ours: one that has come since waits for somebody to look at it, and fails nothing.
  for (const file of there)
    if (!(file in UNDERSTOOD) && !OF_NO_LISTING.includes(file)) t.comment(`${file} is not among the understood ones`)
  for (const [file, { source: slug, path, models }] of Object.entries(UNDERSTOOD)) {
    if (!there.includes(file)) continue
    t.test(file, (t) => {
      const source = [...sources, endpoint].find((one) => one.slug === slug)
      const listing = source?.listings.find((one) => path === undefined || one.path.startsWith(path))
      if (listing === undefined) throw new Error(`no listing ${path} of ${slug}`)
      const body: unknown = JSON.parse(readFileSync(new URL(file, SAMPLES), 'utf8'))
      const lines = listing.entries(body).map((entry) => describe(listing, entry))
      t.strictSame(Array.isArray(models) ? lines : countModes(lines), models)
      t.end()
    })
  }
}

/** One line: what it does, its limits, USD per million tokens, and how many further prices, aliases and ends there are. */
function describe(listing: Listing, entry: unknown): string {
  const id = listing.identify(entry)
  const parsed = listing.parse(entry)
  if (parsed.kind !== 'model') return `${id}: ${parsed.kind}, ${parsed.reason}`
  const { fields, warnings } = cleanFields(parsed.fields)
  checkFields(fields)
  if (warnings.length > 0) throw new Error(`${id} needs cleaning: ${warnings.join()}`)
  const said = [...limitsOf(fields), ...pricesOf(fields), ...capabilitiesOf(fields), ...restOf(fields)]
  return `${id}: ${said.join(', ') || 'nothing'}`
}

function countModes(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const mode = /: ([^,]+)/.exec(line)?.[1] ?? ''
    counts[mode] = (counts[mode] ?? 0) + 1
  }
  return counts
}

function limitsOf({
  mode,
  contextLength,
  maxOutputTokens,
  inputModalities,
  outputModalities,
}: DesiredFields): string[] {
  const media = [inputModalities, outputModalities].map((list) => (list ?? []).join('+'))
  return [
    ...(mode === undefined ? [] : [mode ?? 'mode unknown']),
    ...((contextLength ?? maxOutputTokens ?? null) === null
      ? []
      : [`${contextLength ?? '?'}/${maxOutputTokens ?? '?'}`]),
    ...(media.join('') === '' ? [] : [media.join('->')]),
  ]
}

function pricesOf({ otherPrices = [], ...fields }: DesiredFields): string[] {
  const four = [
    fields.inputCostPerToken,
    fields.outputCostPerToken,
    fields.cacheReadCostPerToken,
    fields.cacheWriteCostPerToken,
  ].map((price) => ((price ?? null) === null ? '-' : describePricePerMillion(price ?? null)))
  return [
    ...(four.every((price) => price === '-') ? [] : [four.join(' ')]),
    ...otherPrices.map(({ kind, unit, currency, price }) =>
      unit === 'token' ? `${kind} ${describePricePerMillion(price)}` : `${kind} ${price} ${currency}/${unit}`,
    ),
  ]
}

function capabilitiesOf({ capabilities = {} }: DesiredFields): string[] {
  return Object.entries(capabilities).map(([name, said]) => (said ? `+${name}` : `-${name}`))
}

function restOf({ aliases = [], createdAt, deprecationDate, replacedBy }: DesiredFields): string[] {
  return [
    ...(aliases.length === 0 ? [] : [`aliases ${aliases.length}`]),
    ...((createdAt ?? null) === null ? [] : [`since ${createdAt?.slice(0, 10)}`]),
    ...((deprecationDate ?? null) === null ? [] : [`until ${deprecationDate}`]),
    ...((replacedBy ?? null) === null ? [] : [`then ${replacedBy}`]),
  ]
}
