/** CallableNames: what a source lists and does not name as callable, and whether that is because the key sees a part. */
import type { KeyScope, Listing, Source } from '../sources/kit/source.js'
import { listingAddress } from './addresses.js'
import type { AnswerLimits } from './answer-limits.js'
import { FetchProblem, labelOf } from './fetch-problem.js'
import { parseJson } from './read-json.js'
import type { PageReader } from './read-page.js'

export interface ScopeOptions {
  /** Base URL of the provider. */
  address: string
  apiKey: string | null
  limits: Pick<AnswerLimits, 'maxValues'>
}

/** Of one reading. */
export class CallableNames {
  private readonly unnamed = new Set<string | null>()
  /** The path of the listing of names, once it is read. */
  private path: string | null = null

  /** Takes an entry; the names come after what they are of. Throws nothing. */
  add(listing: Listing, entry: unknown): void {
    if (listing.standing?.(entry) === null) this.unnamed.add(listing.identify(entry))
    // A list without any name says nothing of models.
    if (listing.namesCallable !== true) return
    this.path = listing.path
    this.unnamed.delete(listing.identify(entry))
  }

  /**
   * A warning where names are missing and the key sees a part, or may do; `null` where neither. Nothing is asked where none is missing.
   * @throws CancelledError
   */
  async ofAPart({ keyScope }: Source, reader: PageReader, options: ScopeOptions): Promise<string | null> {
    const { path, unnamed } = this
    if (keyScope === undefined || options.apiKey === null || path === null || unnamed.size === 0) return null
    if (await seesAll(keyScope, reader, options)) return null
    return `GET ${path} lacks ${unnamed.size} of the models, perhaps because the key may call only some (GET ${keyScope.path}), so none is marked as not callable. Use a key that may call all, such as the master key.`
  }
}

async function seesAll(keyScope: KeyScope, reader: PageReader, { address, limits }: ScopeOptions): Promise<boolean> {
  const url = listingAddress(address, keyScope.path)
  try {
    const { body } = await reader.read({ ...ASKED_ONCE, path: keyScope.path }, url, null)
    return keyScope.seesAll((await parseJson(body, labelOf(url), limits)).value)
  } catch (error) {
    if (!(error instanceof FetchProblem)) throw error
    return error.status !== null && keyScope.seesAll(error.status)
  }
}

/** And for a few seconds. */
const ASKED_ONCE: Omit<Listing, 'path'> = {
  optional: '',
  entries: () => [],
  identify: () => null,
  parse: () => ({ kind: 'rejected', reason: '' }),
}
