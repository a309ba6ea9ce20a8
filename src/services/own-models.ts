/** OwnModels: names that lead to what only the asking user's keys have shown; behind everything that everybody has. */
import type { ResolvableModel } from '../catalog/resolvable-model.js'
import {
  meansDefault,
  ModelResolver,
  type ResolvedModel,
  type ResolveOptions,
  type ResolverInput,
} from '../catalog/resolver.js'

export interface OwnModelsOptions extends Pick<ResolverInput, 'defaults'> {
  /** The available ones of a user. */
  read(viewer: string): Promise<readonly ResolvableModel[]>
  /** Told when they could not be read: the name then means what it means to everybody. */
  failed(error: Error): void
}

export class OwnModels {
  constructor(private readonly options: OwnModelsOptions) {}

  /**
   * @param shared what everybody has; `null`: nothing yet
   * @returns `null`: everybody has the name, or this user has not
   * @throws ResolveError when the user's model serves no such request
   */
  async find(
    name: string | null | undefined,
    how: ResolveOptions | undefined,
    { resolver: shared, providerOrder }: { resolver: ModelResolver | null } & Pick<ResolverInput, 'providerOrder'>,
  ): Promise<ResolvedModel | null> {
    const viewer = how?.viewer ?? null
    if (viewer === null || name === null || name === undefined || meansDefault(name)) return null
    if (shared?.has(name, viewer) === true) return null
    const { defaults, failed } = this.options
    const models = await this.options.read(viewer).catch((error: Error) => {
      failed(error)
      return []
    })
    if (models.length === 0) return null
    const resolver = new ModelResolver({ models, defaults, providerOrder })
    return resolver.has(name, viewer) ? resolver.resolve(name, how) : null
  }
}
