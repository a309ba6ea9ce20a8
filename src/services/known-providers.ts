/** KnownProviders: refuses a filter by a provider that does not exist, whose empty answer would look like one without models. */
import { describeUnknownProvider } from '../core/input/unknown-provider.js'
import { UnknownProviderError, ValidationError } from '../errors.js'
import type { Database } from '../store/database.js'
import { readPriorities } from '../store/providers/provider-rows.js'

export class KnownProviders {
  /** @param options.slugs of every source; others may have rows, from a source that was taken away or for models added by hand */
  constructor(private readonly options: { database: Database; slugs: readonly string[] }) {}

  /** @throws UnknownProviderError with what was probably meant */
  async check(slug: string | undefined): Promise<void> {
    if (slug === undefined || this.options.slugs.includes(slug)) return
    const rows = await readPriorities(this.options.database)
    if (rows.has(slug)) return
    throw new UnknownProviderError(describeUnknownProvider(slug, [...new Set([...this.options.slugs, ...rows.keys()])]))
  }

  /** As {@link check}, for the id of a model. @throws ValidationError for a text that is no id @param name of the filter */
  async checkId(name: string, id: string | undefined): Promise<void> {
    if (id === undefined) return
    const slash = id.indexOf('/')
    if (slash < 1)
      throw new ValidationError(
        `${name} is ${JSON.stringify(id.slice(0, 60))}: expected a model's id, <provider>/<the provider's id of the model>; GET /models?search= finds it`,
      )
    await this.check(id.slice(0, slash))
  }
}
