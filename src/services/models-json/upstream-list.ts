/** The list that models.json mirrors: which entries of an answer are models of it. */
import { parse } from 'lossless-json'
import type { ModelsJsonEntry } from '../../core/models-json/merge.js'
import type { Source } from '../../sources/kit/source.js'
import { pauses } from '../../pauses.js'
import { membersOfLists } from '../lossless-list.js'
import type { CompiledSettings } from '../providers/provider-settings.js'

/** The provider whose list it is. */
export const MODELS_JSON_PROVIDER = 'morpheus'

/**
 * The entries in feed order, numbers as `LosslessNumber`: without deleted rows, those without an id, and what a rule leaves out.
 * @param texts the answers by their listing's path
 * @throws MalformedAnswerError
 */
export async function readFeed(
  texts: ReadonlyMap<string, string>,
  { listings }: Source,
  { excludes }: Pick<CompiledSettings, 'excludes'>,
): Promise<ModelsJsonEntry[]> {
  const feed: ModelsJsonEntry[] = []
  const rest = pauses()
  for (const listing of listings) {
    const text = texts.get(listing.path)
    if (text === undefined) continue
    for (const member of await membersOfLists(text, (body) => listing.entries(body))) {
      const id = listing.identify(member.entry)
      if (id === null || excludes(id)) continue
      feed.push(parse(member.text) as ModelsJsonEntry)
      await rest()
    }
  }
  return feed
}
