/** Lists of words in another shape, in the entries of every source: read alike where the meaning is plain, else a warning says so. */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { quoteWord } from '../../../src/core/input/quote-value.js'
import { capabilitiesIn, listOf, mediaOf, setOf } from '../../../src/sources/kit/words.js'
import { alibaba } from '../../../src/sources/providers/alibaba/alibaba.js'
import { litellm } from '../../../src/sources/providers/litellm/litellm.js'
import { mistral } from '../../../src/sources/providers/mistral.js'
import { nebius } from '../../../src/sources/providers/nebius.js'
import { openrouter } from '../../../src/sources/providers/openrouter.js'
import type { Listing, Source } from '../../../src/sources/kit/source.js'
import { readFixture, serve } from '../../sources/fixture-server.js'
import type { SourceFixture } from '../../sources/source-fixture.js'

const slugs = readdirSync(new URL('../../sources/fixtures/', import.meta.url))
  .filter((file) => /\.[jt]s$/.test(file))
  .map((file) => file.slice(0, -3))

function understood(listing: Listing, entry: unknown): { fields: unknown; warnings: string[] } {
  const parsed = listing.parse(entry)
  if (parsed.kind !== 'model') return { fields: parsed, warnings: [] }
  const { fields, warnings } = cleanFields(parsed.fields)
  return { fields, warnings: [...(parsed.warnings ?? []), ...warnings] }
}

/** A copy of the entry for each list of words in it, with that list replaced. */
function* replaced(entry: unknown, make: (words: string[]) => unknown): Generator<{ path: string; copy: unknown }> {
  const paths: string[][] = []
  const walk = (value: unknown, path: string[]): void => {
    if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) paths.push(path)
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, [...path, name])
  }
  walk(entry, [])
  for (const path of paths) {
    const copy = structuredClone(entry) as Record<string, unknown>
    let at: Record<string, unknown> = copy
    for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>
    const last = path.at(-1) ?? ''
    at[last] = make(at[last] as string[])
    yield { path: path.join('.'), copy }
  }
}

const PLAIN: Record<string, (words: string[]) => unknown> = {
  'a text with commas': (words) => words.join(', '),
  'the JSON text of a list': (words) => JSON.stringify(words),
  'an object of flags': (words) => Object.fromEntries(words.map((word) => [word, true])),
  'flags in words': (words) => Object.fromEntries(words.map((word) => [word, { supported: 'yes' }])),
  'a list in a list': (words) => [words],
  'objects with a name': (words) => words.map((name) => ({ name })),
}
const ODD: Record<string, unknown> = { 'a number': 5, 'another object': { a: 'b' }, 'a list of numbers': [7] }

for (const slug of slugs) {
  t.test(slug, async (t) => {
    const { default: fixture } = (await import(`../../sources/fixtures/${slug}.js`)) as { default: SourceFixture }
    const server = await serve(t, fixture)
    const { entries } = await readFixture(fixture, server.url)
    for (const { listing, entry } of entries) {
      const usual = understood(listing, entry)
      for (const [shape, make] of Object.entries(PLAIN))
        for (const { path, copy } of replaced(entry, make))
          t.same(understood(listing, copy), usual, `${path} as ${shape}`)
      for (const [shape, odd] of Object.entries(ODD))
        for (const { path, copy } of replaced(entry, () => odd)) {
          const { fields, warnings } = understood(listing, copy)
          if (JSON.stringify(fields) !== JSON.stringify(usual.fields))
            t.ok(
              warnings.some((warning) => !usual.warnings.includes(warning)),
              `${path} as ${shape} is not passed over in silence`,
            )
        }
    }
  })
}

function fieldsOf(source: Source, entry: object): ReturnType<typeof understood> {
  return understood(source.listings[0] as Listing, entry)
}

t.test('what a flag denies is said', async (t) => {
  const meanings = { tools: 'functionCalling', web: 'webSearch', 'structured-outputs': 'structuredOutput' } as const
  t.same(capabilitiesIn({ tools: true, web: 'no', 'Structured Outputs': null }, meanings), {
    functionCalling: true,
    webSearch: false,
  })
  t.same(capabilitiesIn(['TOOLS', 'structured_outputs'], meanings), { functionCalling: true, structuredOutput: true })
  t.same(capabilitiesIn([{ tools: 0 }, ['web']], meanings), { functionCalling: false, webSearch: true })
  for (const nothing of [null, undefined, '', 'N/A', [], {}]) t.same(capabilitiesIn(nothing, meanings), {})
})

t.test('null and odd members are left out with a warning, the rest stays', async (t) => {
  t.same(listOf([null, 'a', 7, ' b ']), ['a', 'b'])
  t.same(mediaOf(['TEXT', null]), ['text', null])
  const { fields, warnings } = fieldsOf(mistral, { id: 'm', aliases: [null, 'm-latest', 'm', { of: 'b' }] })
  t.match(fields, { aliases: ['m-latest'] })
  t.match(warnings.join('\n'), /aliases: null is not a text.*\n.*aliases: an object is not a text/)
  const tools = fieldsOf(openrouter, { id: 'a/b', architecture: {}, supported_parameters: ['tools', null] })
  t.match(tools, {
    fields: { capabilities: { functionCalling: true } },
    warnings: [/capabilities: null is not a list/],
  })
})

t.test('lists too deep, and texts that begin as JSON does', async (t) => {
  const deep = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`) as unknown
  t.equal(cleanFields({ aliases: setOf(deep) }).warnings.length, 1)
  t.same(cleanFields({ aliases: setOf('["a"') }).fields, { aliases: [] })
})

t.test('modalities of Alibaba, Nebius and LiteLLM', async (t) => {
  const flags = { request_modality: { TEXT: true, Image: true, Video: false }, response_modality: 12 }
  const { fields, warnings } = fieldsOf(alibaba, { model: 'qwen', inference_metadata: flags })
  t.match(fields, { inputModalities: ['image', 'text'], outputModalities: [] })
  t.match(warnings, [/outputModalities: 12 is not a list/])
  const nothing = fieldsOf(nebius, { id: 'a', architecture: { modality: ['text', 'image'] } })
  t.match(nothing, { fields: { inputModalities: [] }, warnings: [/inputModalities: a list of 2 is not a text/] })
  t.match(fieldsOf(nebius, { id: 'a', architecture: { modality: 'TEXT+image->text' } }).fields, {
    inputModalities: ['image', 'text'],
    outputModalities: ['text'],
  })
  const row = (supported_modalities: unknown): ReturnType<typeof understood> =>
    fieldsOf(litellm, { model_name: 'x', model_info: { mode: 'chat', supported_modalities } })
  t.match(row('Text, image'), { fields: { inputModalities: ['image', 'text'] }, warnings: [] })
  t.match(row({ text: true, audio: false }).fields, { inputModalities: ['text'] })
  t.match(row(['text', null, 'to the moon']), {
    fields: { inputModalities: ['text'] },
    warnings: [/supported_modalities: a text of 11 characters is not a modality/, /supported_modalities: null is/],
  })
})

t.test('a warning never repeats what may be a key', async (t) => {
  for (const key of [
    'sk-proj-abcdefghij',
    'gsk_abcdefghijklmnop',
    'hunter-secret',
    'AKIAIOSFODNNEXAMPLE',
    'x1.y2.z3',
  ]) {
    t.equal(quoteWord(key), `a text of ${key.length} characters`)
    const said = fieldsOf(litellm, { model_name: 'x', model_info: { mode: key } }).warnings
    t.notMatch(said.join('\n'), key)
    t.equal(said.length, 1)
    const prices = [{ prices: [{ type: key, price: 1, price_unit: 'per moon' }] }]
    t.notMatch(fieldsOf(alibaba, { model: 'qwen', prices }).warnings.join('\n'), key)
  }
  for (const word of ['image_edit', 'world-model', 'Realtime', 'text to video'])
    t.equal(quoteWord(word), JSON.stringify(word))
})
