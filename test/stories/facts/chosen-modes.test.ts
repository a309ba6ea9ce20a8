/** What a filter by mode lets in, at the sources that have one of their own. */
import t from 'tap'
import type { ModeChoice } from '../../../src/core/model/model.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { gemini } from '../../../src/sources/providers/gemini.js'
import { openai } from '../../../src/sources/providers/openai.js'
import type { Source } from '../../../src/sources/kit/source.js'

async function idsOf(
  source: Source,
  entries: readonly unknown[],
  modes: readonly ModeChoice[] | null,
  include: readonly string[] = [],
): Promise<string[]> {
  const collector = new ListingCollector(source)
  await collector.add(source.listings[0]!, entries)
  const { desired } = await collector.resolve(() => false, { excludes: () => false, modes, include })
  return [...desired.keys()]
}

t.test('openai: chat names and audio models by default, what nobody knows when it is asked for', async (t) => {
  const ids = [
    'chat-latest',
    'gpt-audio',
    'gpt-4o-audio-preview',
    'gpt-5.1-codex-mini',
    'tts-1',
    'gpt-realtime',
    'aurora-1',
  ]
  const entries = ids.map((id) => ({ id }))
  const byDefault = ['chat-latest', 'gpt-audio', 'gpt-4o-audio-preview', 'gpt-5.1-codex-mini']
  t.same(await idsOf(openai, entries, null), byDefault)
  t.same(await idsOf(openai, entries, ['chat']), byDefault.slice(0, 3))
  t.same(await idsOf(openai, entries, ['realtime']), ['gpt-realtime'])
  t.same(await idsOf(openai, entries, ['unknown']), ['aurora-1'])
  t.same(await idsOf(openai, entries, ['chat', 'unknown']), [...byDefault.slice(0, 3), 'aurora-1'])
})

t.test('gemini: Gemini alone, unless modes or ids are chosen', async (t) => {
  const ids = ['gemini-9-pro', 'gemma-9-27b-it', 'learnlm-9-flash', 'gemini-9-flash-image']
  const entries = ids.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ['generateContent'] }))
  t.same(await idsOf(gemini, entries, null), ['gemini-9-pro'])
  t.same(await idsOf(gemini, entries, ['chat']), ['gemini-9-pro', 'gemma-9-27b-it', 'learnlm-9-flash'])
  t.same(await idsOf(gemini, entries, null, ['*']), ['gemini-9-pro', 'gemma-9-27b-it', 'learnlm-9-flash'])
})
