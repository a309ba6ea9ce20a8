/** The list that models.json mirrors: which entries of an answer are models of it. */
import { parse } from 'lossless-json'
import type { ModelsJsonEntry } from '../catalog/models-json.js'
import type { Source } from '../sources/source.js'
import type { CompiledSettings } from './provider-settings.js'

/** The provider whose list it is. */
export const MODELS_JSON_PROVIDER = 'morpheus'

/**
 * The entries in feed order, numbers as `LosslessNumber`: without deleted rows, those without an id, and what a rule leaves out.
 * @param texts the answers by their listing's path
 * @throws MalformedAnswerError
 */
export function readFeed(
  texts: ReadonlyMap<string, string>,
  { listings }: Source,
  { excludes }: Pick<CompiledSettings, 'excludes'>,
): ModelsJsonEntry[] {
  return listings.flatMap((listing) => {
    const text = texts.get(listing.path)
    if (text === undefined) return []
    return (listing.entries(parse(text)) as ModelsJsonEntry[]).filter((entry) => {
      const id = listing.identify(entry)
      return id !== null && !excludes(id)
    })
  })
}
