/** OwnModels: the models that only the asking user's keys have shown, read for a request that names something which nobody else has. */
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { meansDefault, ModelResolver, type Asker, type ResolverInput } from '../../core/names/model-resolver.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'

export interface OwnModelsOptions extends Pick<ResolverInput, 'defaults' | 'respell'> {
  /** Those that a user's keys have shown. */
  read(viewer: string): Promise<{ models: readonly ResolvableModel[]; withheld: readonly WithheldModel[] }>
  /** Called when they could not be read: a name then means what it means to everybody. */
  failed(error: Error): void
}

export class OwnModels {
  constructor(private readonly options: OwnModelsOptions) {}

  /**
   * Reads and indexes them once, however many names there are.
   * @param shared the models that everybody has; `null`: none yet
   * @returns `null`: everybody has every one of the names, or this user has no models. Throws nothing
   */
  async open(
    asker: Asker & { viewer: string },
    names: readonly (string | null | undefined)[],
    {
      resolver: shared,
      ...order
    }: { resolver: ModelResolver | null } & Pick<ResolverInput, 'providerOrder' | 'providers'>,
  ): Promise<ModelResolver | null> {
    const isElsewhere = (name: string | null | undefined): boolean =>
      name === null || name === undefined || meansDefault(name) || shared?.has(name, asker) === true
    if (names.every(isElsewhere)) return null
    const { defaults, failed, respell } = this.options
    const own = await this.options.read(asker.viewer).catch((error: Error) => {
      failed(error)
      return { models: [], withheld: [] }
    })
    return own.models.length + own.withheld.length === 0
      ? null
      : new ModelResolver({ ...own, ...order, defaults, respell })
  }
}
