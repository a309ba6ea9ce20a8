/** OwnModels: names that lead to what only the asking user's keys have shown; behind everything that everybody has. */
import type { ResolvableModel } from '../catalog/resolvable-model.js'
import type { WithheldModel } from '../catalog/withheld-model.js'
import {
  meansDefault,
  ModelResolver,
  type ResolvedModel,
  type ResolveOptions,
  type ResolverInput,
} from '../catalog/resolver.js'

export interface OwnModelsOptions extends Pick<ResolverInput, 'defaults'> {
  /** Those that a user's keys have shown. */
  read(viewer: string): Promise<{ models: readonly ResolvableModel[]; withheld: readonly WithheldModel[] }>
  /** Told when they could not be read: the name then means what it means to everybody. */
  failed(error: Error): void
}

/** A name's own model, or the one of that name that cannot be had. */
export type OwnFinding = { found: ResolvedModel } | { withheld: WithheldModel }

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
  ): Promise<OwnFinding | null> {
    const viewer = how?.viewer ?? null
    if (viewer === null || name === null || name === undefined || meansDefault(name)) return null
    if (shared?.has(name, viewer) === true) return null
    const { defaults, failed } = this.options
    const own = await this.options.read(viewer).catch((error: Error) => {
      failed(error)
      return { models: [], withheld: [] }
    })
    if (own.models.length + own.withheld.length === 0) return null
    const resolver = new ModelResolver({ ...own, defaults, providerOrder })
    if (resolver.has(name, viewer)) return { found: resolver.resolve(name, how) }
    const withheld = resolver.findWithheld(name, viewer)
    return withheld === null ? null : { withheld }
  }
}
