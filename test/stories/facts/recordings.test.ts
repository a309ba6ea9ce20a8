/** Recorded answers, where they lie beside the repository: each price read once more from the raw text, by arithmetic that shares nothing with the sources. */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { sources } from '../../../src/sources/all-sources.js'
import { ROOT } from '../../support/root.js'

const ANSWERS = new URL('../shared/reference/answers/', ROOT)

interface Row {
  id: string
  pricing?: Record<string, string | number | undefined>
}

/** A decimal without its point: `[digits, places]`; exponents as JSON and upstreams write them. */
function digitsOf(raw: string | number): [digits: bigint, places: number] {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^(\d*)(?:\.(\d+))?(?:e([+-]\d+))?$/i.exec(typeof raw === 'number' ? raw.toPrecision(15) : raw) ?? []
  return [BigInt(whole + fraction), fraction.length - Number(exponent)]
}

/** Whether `price` is `raw` divided by ten to the `power`. */
function isShifted(price: string, raw: string | number, power: number): boolean {
  const [[a, places], [b, rawPlaces]] = [digitsOf(price), digitsOf(raw)]
  const most = Math.max(places, rawPlaces + power)
  return a * 10n ** BigInt(most - places) === b * 10n ** BigInt(most - rawPlaces - power)
}

async function read(slug: string, file: string): Promise<{ rows: Row[]; models: Map<string, DesiredFields | 'same'> }> {
  const source = sources.find((one) => one.slug === slug)
  const [listing] = source?.listings ?? []
  if (source === undefined || listing === undefined) throw new Error(`there is no source ${slug}`)
  const body: unknown = JSON.parse(readFileSync(new URL(file, ANSWERS), 'utf8'))
  const rows = listing.entries(body) as Row[]
  const collector = new ListingCollector({ ...source, modes: undefined })
  await collector.add(listing, rows)
  const { desired } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  // Of a short list all is read at once.
  return { rows, models: desired as Map<string, DesiredFields | 'same'> }
}

/** The power of ten between what is stated and USD per token. */
const UNITS = [
  ['openrouter', 'openrouter/2025-05-roo.json', 0],
  ['openrouter', 'openrouter/2025-09.json', 0],
  ['openrouter', 'openrouter/2026-02-10.json', 0],
  ['chutes', 'chutes/2025-09-enriched.json', 6],
] as const

for (const [slug, file, power] of UNITS) {
  t.test(file, async (t) => {
    if (!existsSync(new URL(file, ANSWERS))) return void t.pass('not here')
    const { rows, models } = await read(slug, file)
    const wrong: string[] = []
    for (const { id, pricing = {} } of rows) {
      const model = models.get(id)
      if (model === undefined || model === 'same') {
        wrong.push(`${id}: is no model`)
        continue
      }
      for (const [member, price] of [
        ['prompt', model.inputCostPerToken],
        ['completion', model.outputCostPerToken],
        ['input_cache_read', model.cacheReadCostPerToken],
        ['input_cache_write', model.cacheWriteCostPerToken],
      ] as const) {
        const raw = pricing[member]
        const isStated = raw !== undefined && Number(raw) >= 0
        // Nothing to pay by the token where something is paid by the request.
        const isOpen = Number(raw) === 0 && (model.otherPrices ?? []).some(({ unit }) => unit !== 'token')
        if (
          isStated ? !isOpen && !isShifted(price ?? '9', raw, power) : (price ?? null) !== null && !id.endsWith(':free')
        )
          wrong.push(`${id}: ${member} ${raw} is read as ${price}`)
      }
      const image = pricing['image']
      if (image === undefined || Number(image) === 0) continue
      const unit = Number(image) < 0.0005 ? 'token' : 'image'
      const found = model.otherPrices?.find((price) => price.kind === 'input_image')
      if (found?.unit !== unit || !isShifted(found.price, image, 0)) wrong.push(`${id}: image ${image}`)
    }
    t.same(wrong, [])
  })
}
