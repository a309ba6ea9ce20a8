/** ModelResolver: which model a name means, for a type of request. Pure and immutable: built from models, swapped whole. */
import { memoize } from '../input/memoize.js'
import type { Resolution } from './resolution.js'
import { DEFAULT_MODELS, DEFAULT_MODELS_PROVIDER } from './default-models.js'
import { checkMembers, type KnownMembers } from '../input/known-members.js'
import { NameIndex } from './name-index.js'
import { requestTypeOf, serves } from './request-type.js'
import type { RequestType } from './request-types.js'
import { isVisible, type NameScope, type ResolvableModel } from './resolvable-model.js'
import { mismatch, noDefault, notFound, toUnavailable, unavailable } from './resolve-failures.js'
import { slugOf } from './slug.js'
import { Suggester, type Suggestion } from './suggester.js'
import type { WithheldModel } from './withheld-model.js'
import { precedence } from './precedence.js'

/** A name or public id of each type's default model, which also stands in for an unknown one; not set: the one that `morpheus` itself has. */
export type DefaultModels = { readonly [Type in RequestType]?: string | undefined }

export interface ResolveOptions {
  /** A type, in any case, or another word for it: LLM, EMBEDDINGS, TTS, STT. Default `chat`. */
  type?: RequestType | (string & {}) | undefined
  /** An unknown name is an error. Default false: the type's default stands in for it, and the answer says so. */
  strict?: boolean | undefined
  /** Search for names that may have been meant by an unknown one. Default: as `strict`, since the error shows them to somebody. */
  suggest?: boolean | undefined
  /** Id of the user who asks, whose private models count; default `null`: nobody in particular. */
  viewer?: string | null | undefined
  /** Teams and access groups of who asks, whose restricted models count. Default: none. */
  teams?: readonly string[] | undefined
}

/** Who asks. */
export type Asker = Pick<ResolveOptions, 'viewer' | 'teams'>

/** The answer, with the model that it is. */
export interface ResolvedModel {
  answer: Resolution
  model: ResolvableModel
}

export interface ResolverInput {
  models: readonly ResolvableModel[]
  /** Models that are there and cannot be had: a name that leads to one of them is answered by the reason. Default: none. */
  withheld?: readonly WithheldModel[]
  defaults: DefaultModels
  /** Slugs; of several providers that offer a name, the first wins. Those that are not listed come after, by their slug. */
  providerOrder: readonly string[]
  /** Slugs of the providers that are synced or disabled here: `<slug>/…` is a model of theirs, or nobody's. Default: none. */
  providers?: readonly string[] | undefined
  /** The spelling that the models' texts are kept in, where a database cannot hold every character; default: their own. */
  respell?: ((name: string) => string) | undefined
}

const RESOLVE_OPTIONS: KnownMembers<ResolveOptions> = {
  type: true,
  strict: true,
  suggest: true,
  viewer: true,
  teams: true,
}
const NONE: readonly string[] = Object.freeze([])

const MOST_PARTS = 1000

export class ModelResolver {
  private readonly index: NameIndex
  private readonly providers: ReadonlySet<string>
  // Names of many models begin alike.
  private readonly slugOfPart = memoize(MOST_PARTS, (part) => slugOf(part).trim())
  // Made when first needed: most catalogues are asked for what they have.
  private withheldIndex: NameIndex<WithheldModel> | null = null
  private suggester: Suggester | null = null

  constructor(private readonly input: ResolverInput) {
    this.index = new NameIndex(input.models, precedence(input.providerOrder))
    this.providers = new Set(input.providers)
  }

  /** How many models there are to resolve to. */
  get size(): number {
    return this.input.models.length
  }

  /**
   * @param name an id, a name or an alias; blank, `null` and `default` mean the type's default
   * @param own the viewer's own model of this name that cannot be had; `null`: there is none
   * @param near what {@link suggest} has found for this name
   * @throws TypeError for an option that there is none of; ResolveError for a type that there is none of; when the model is of another type; when, with `strict`, nobody has the name or its model cannot be had; when the default is
   * missing or of another type
   */
  resolve(
    name: string | null | undefined,
    options: ResolveOptions = {},
    own: WithheldModel | null = null,
    near: readonly Suggestion[] = [],
  ): ResolvedModel {
    checkMembers('resolve', options, RESOLVE_OPTIONS)
    const { strict = false } = options
    const type = requestTypeOf(options.type ?? 'chat')
    const requested = name ?? ''
    if (meansDefault(requested)) return this.substitute(requested, 'default', type, options, [])
    const sole = this.index.findSole(requested)
    if (sole !== null && serves(sole.mode, type) && this.isReachable(sole, requested))
      return answer(requested, type, isIdOf(sole, requested) ? 'id' : 'name', sole, NONE, NONE)
    const match = this.find(this.index, requested, this.scopeOf(requested, options))
    if (match === null) return this.resolveUnmatched(requested, type, strict, options, own, near)
    const [model, ...others] = match.owners.filter(({ mode }) => serves(mode, type))
    if (model === undefined) throw mismatch(requested, type, match.owners)
    return answer(requested, type, match.by, model, idsOf(others), NONE)
  }

  /** Whether somebody has this name, whatever the model does; the types' defaults apart. */
  has(name: string, asker: Asker = {}): boolean {
    return this.find(this.index, name, this.scopeOf(name, asker)) !== null
  }

  /** The model of this name that is there and cannot be had; `null`: there is none. */
  findWithheld(name: string, asker: Asker = {}): WithheldModel | null {
    return this.findWithheldWithin(name, this.scopeOf(name, asker))
  }

  private findWithheldWithin(name: string, scope: NameScope): WithheldModel | null {
    const { withheld = [], providerOrder } = this.input
    if (withheld.length === 0) return null
    this.withheldIndex ??= new NameIndex(withheld, precedence(providerOrder))
    return this.find(this.withheldIndex, name, scope)?.owners[0] ?? null
  }

  private find<Model extends ResolvableModel>(
    index: NameIndex<Model>,
    name: string,
    scope: NameScope,
  ): ReturnType<NameIndex<Model>['find']> {
    const { respell } = this.input
    return index.find(name, scope) ?? (respell === undefined ? null : index.find(respell(name), scope))
  }

  private scopeOf(name: string, { viewer = null, teams }: Asker): NameScope {
    return { viewer, teams, provider: this.providerIn(name) }
  }

  /** A name that begins with a provider of ours is a model of that provider, or nobody's: `openai/x` never leads to a gateway that lists it. */
  private providerIn(name: string): string | null {
    const slash = this.providers.size === 0 ? -1 : name.indexOf('/')
    if (slash === -1) return null
    const slug = this.slugOfPart(name.slice(0, slash))
    return this.providers.has(slug) ? slug : null
  }

  private isReachable(model: ResolvableModel, name: string): boolean {
    const provider = this.providerIn(name)
    return provider === null || provider === model.provider
  }

  /**
   * Names of models that serve this type and may have been meant, at most 5; a name that somebody has, also one who cannot be had, gets none. In
   * steps of less than a millisecond.
   * @throws ResolveError for a type that there is none of
   */
  *suggest(
    name: string | null | undefined,
    { type: word = 'chat', viewer = null, teams }: ResolveOptions,
  ): Generator<void, readonly Suggestion[], void> {
    const type = requestTypeOf(word)
    const requested = name ?? ''
    if (
      meansDefault(requested) ||
      this.has(requested, { viewer, teams }) ||
      this.findWithheld(requested, { viewer, teams }) !== null
    )
      return []
    this.suggester ??= new Suggester(this.input.models)
    return yield* this.suggester.near(
      requested,
      (model) => serves(model.mode, type) && isVisible(model, { viewer, teams }) && this.isReachable(model, model.name),
    )
  }

  /** Makes the table that {@link suggest} searches, in steps; a search that comes first shares the work. Throws nothing. */
  *prepareSuggestions(): Generator<void, void, void> {
    this.suggester ??= new Suggester(this.input.models)
    yield* this.suggester.prepare()
  }

  private resolveUnmatched(
    requested: string,
    type: RequestType,
    strict: boolean,
    asker: Asker,
    own: WithheldModel | null,
    near: readonly Suggestion[],
  ): ResolvedModel {
    const withheld = this.findWithheld(requested, asker) ?? own
    if (withheld === null) {
      if (strict) throw notFound(requested, near)
      return this.substitute(requested, 'fallback', type, asker, near)
    }
    if (strict) throw unavailable(requested, withheld)
    try {
      const { answer: found, model } = this.substitute(requested, 'fallback', type, asker, [])
      return { answer: { ...found, unavailable: toUnavailable(withheld) }, model }
    } catch (error) {
      // What became of the model is the answer; that nothing stands in for it only follows.
      throw unavailable(requested, withheld, error)
    }
  }

  private substitute(
    requested: string,
    by: 'default' | 'fallback',
    type: RequestType,
    asker: Asker,
    near: readonly Suggestion[],
  ): ResolvedModel {
    const set = this.input.defaults[type]
    const name = set ?? DEFAULT_MODELS[type]
    const own = this.scopeOf(name, asker)
    const scope = set === undefined ? { ...own, provider: DEFAULT_MODELS_PROVIDER } : own
    const owners = this.find(this.index, name, scope)?.owners ?? []
    const [model, ...others] = owners.filter(({ mode }) => serves(mode, type))
    const suggestions = near.map((suggestion) => suggestion.name)
    if (model !== undefined) return answer(requested, type, by, model, idsOf(others), suggestions)
    const withheld = owners.length === 0 ? this.findWithheldWithin(name, scope) : null
    throw noDefault(type, { requested: by === 'fallback' ? requested : null, set, wrong: owners[0], withheld, near })
  }
}

function answer(
  requested: string,
  type: RequestType,
  matchedBy: Resolution['matchedBy'],
  model: ResolvableModel,
  alternatives: readonly string[],
  suggestions: readonly string[],
): ResolvedModel {
  const { id, provider, providerModelId, name, mode } = model
  const fallback = matchedBy === 'fallback'
  return {
    answer: {
      requested,
      type,
      id,
      provider,
      providerModelId,
      name,
      mode,
      matchedBy,
      fallback,
      alternatives,
      suggestions,
    },
    model,
  }
}

/** Blank, or `default`: the type's default is meant. */
export function meansDefault(requested: string): boolean {
  const first = requested.charCodeAt(0)
  // Printable ASCII comes first in nearly every name, and costs no trim.
  return first > 0x20 && first < 0x7f ? requested === 'default' : requested.trim() === ''
}

function isIdOf({ id, providerModelId }: ResolvableModel, name: string): boolean {
  return name === id || name === providerModelId
}

function idsOf(models: readonly ResolvableModel[]): readonly string[] {
  return models.length === 0 ? NONE : models.map(({ id }) => id)
}
