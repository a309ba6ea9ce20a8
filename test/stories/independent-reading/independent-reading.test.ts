/** Recorded answers, where they lie beside the repository: each model read once more, field by field, by readers that share no code with the sources. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { sources } from '../../../src/sources/all-sources.js'
import { ROOT } from '../../support/root.js'
import { differences, PRICES, statedByUs, statedIn } from './compare.js'
import { REASONS } from './reasons.js'
import { NOT_ASKED, RECORDINGS, type Recording } from './recordings.js'
import type { Raw, Reading } from './reading.js'

const ANSWERS = new URL('../shared/reference/answers/', ROOT)
/** Of all fields, what may differ for a reason. */
const MOST_DIFFERENT = 0.02
const used = new Set<unknown>()

if (!existsSync(ANSWERS)) t.comment('skipped: there are no recorded answers beside the repository')
else {
  const total = { fields: 0, explained: 0 }
  for (const [file, recording] of Object.entries(RECORDINGS)) {
    if (existsSync(new URL(file, ANSWERS))) t.test(file, (t) => compare(t, file, recording, total))
  }
  t.test('few differences are left', async (t) => {
    t.comment(`${total.fields} fields, ${total.explained} differ for a reason`)
    t.ok(total.explained <= total.fields * MOST_DIFFERENT)
    t.same(
      REASONS.filter((reason) => !used.has(reason)),
      [],
      'no reason is left without a difference',
    )
    for (const folder of readdirSync(ANSWERS))
      for (const file of readdirSync(new URL(`${folder}/`, ANSWERS)))
        if (file.endsWith('.json') && !(`${folder}/${file}` in RECORDINGS))
          t.comment(`${folder}/${file} is not read: ${NOT_ASKED[`${folder}/${file}`] ?? 'it is new'}`)
  })
}
t.pass('what is here has been read')

async function compare(
  t: Test,
  file: string,
  recording: Recording,
  total: { fields: number; explained: number },
): Promise<void> {
  const body = JSON.parse(readFileSync(new URL(file, ANSWERS), 'utf8')) as Raw
  const rows = body[recording.rows ?? 'data'] as Raw[]
  const models = await modelsOf(recording, body)
  const readings = new Map<string, Reading[]>()
  for (const row of rows) {
    const reading = recording.reader(row)
    readings.set(reading.id, [...(readings.get(reading.id) ?? []), reading])
  }
  t.strictSame([...models.keys()].sort(), [...readings.keys()].sort(), 'every model, and no other')
  const unexplained: string[] = []
  for (const [id, candidates] of readings) {
    const found = statedByUs(id, models.get(id) ?? {})
    // Of rows with one id one is the model, whichever.
    const [best] = candidates
      .map((reading) => ({ expected: statedIn(reading), different: differences(statedIn(reading), found) }))
      .sort((a, b) => a.different.length - b.different.length)
    if (best === undefined) continue
    total.fields += new Set([...Object.keys(best.expected), ...Object.keys(found)]).size
    for (const difference of best.different) {
      const [field = ''] = difference.split(': ')
      const reason = REASONS.find((one) => one.file.test(file) && one.difference.test(`${id} ${difference}`))
      if (reason === undefined || PRICES.test(field)) unexplained.push(`${id} ${difference}`)
      else {
        total.explained += 1
        used.add(reason)
      }
    }
  }
  t.strictSame(unexplained, [], 'nothing differs without a reason, no price at all')
}

/** What the source makes of the answer, whatever modes it syncs by default. */
async function modelsOf({ source: slug, path }: Recording, body: Raw): Promise<Map<string, DesiredFields>> {
  const source = sources.find((one) => one.slug === slug)
  const listing = source?.listings.find((one) => path === undefined || one.path === path)
  if (source === undefined || listing === undefined) throw new Error(`there is no listing ${path} of ${slug}`)
  const collector = new ListingCollector({ ...source, modes: undefined })
  await collector.add(listing, listing.entries(body))
  const { desired } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  // A list as short as these is read at once.
  return desired as Map<string, DesiredFields>
}
