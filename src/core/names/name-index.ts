/**
 * NameIndex: which models a name leads to. Pure and immutable; the first line that a visible model stands in wins.
 *
 * | line | the name is | matched by |
 * | --- | --- | --- |
 * | 1 | a model's public id, verbatim | id |
 * | 2 | a model's id at its provider, verbatim; then either id when it is hexadecimal, in any case | id |
 * | 3 | a model's name, verbatim | name |
 * | 4 | a model's name in another case | name |
 * | 5 | an alias, or the slug of a name, that one model alone claims | alias, slug |
 * | 6 | such that its slug is a name; a name in another case; the slug of the name of one model alone | slug |
 */
import { isWithin, type NameScope, type ResolvableModel } from './resolvable-model.js'
import { slugOf } from './slug.js'

export type MatchedBy = 'id' | 'name' | 'alias' | 'slug'

/** The models that own a name, the first to be taken first; never empty. */
export interface NameMatch<Model extends ResolvableModel = ResolvableModel> {
  by: MatchedBy
  owners: readonly Model[]
}

/** Most keys have one owner, and a list for each would cost more than the rest of the index. */
type Owners<Model> = Model | Model[]
type Keys<Model> = Map<string, Owners<Model>>

const HEX = /^0x[0-9a-f]+$/i

export class NameIndex<Model extends ResolvableModel = ResolvableModel> {
  /** Public ids, provider's ids and names, verbatim. */
  private readonly exact: Keys<Model> = new Map()
  /** In lower case, of hexadecimal ids that are not. */
  private readonly hexIds: Keys<Model> = new Map()
  /** In lower case, of names that are not. */
  private readonly folded: Keys<Model> = new Map()
  private readonly aliases: Keys<Model> = new Map()
  /** Of names whose slug is more than their lower case: the others are found before. */
  private readonly slugs: Keys<Model> = new Map()

  /** @param precedes compares two models that own the same name */
  constructor(
    models: readonly Model[],
    private readonly precedes: (a: Model, b: Model) => number,
  ) {
    const shared: Model[][] = []
    for (const model of models) this.insert(model, shared)
    for (const owners of shared) owners.sort(precedes)
  }

  /** @returns `null`: no model within the scope has this name. Throws nothing. */
  find(name: string, scope: NameScope): NameMatch<Model> | null {
    const owners = this.exact.get(name)
    const verbatim = owners === undefined ? null : matchExact(name, owners, scope)
    if (verbatim?.by === 'id') return verbatim
    return this.findHex(name, scope) ?? verbatim ?? this.findSpelledOtherwise(name, scope)
  }

  /** The model that alone has this text as id or name, and is there for everybody: most requests, at a fraction of what {@link find} costs. */
  findSole(name: string): Model | null {
    const owner = this.exact.get(name)
    if (owner === undefined || Array.isArray(owner)) return null
    if (owner.privateTo !== null || (owner.restrictedTo ?? null) !== null) return null
    // A name that looks like an id may be one, in another case.
    return owner.name !== name || name === owner.providerModelId || !HEX.test(name) ? owner : null
  }

  private insert(model: Model, shared: Model[][]): void {
    const { id, providerModelId, name, aliases } = model
    add(this.exact, id, model, shared)
    add(this.exact, providerModelId, model, shared)
    if (name !== providerModelId) add(this.exact, name, model, shared)
    if (HEX.test(providerModelId) && providerModelId !== providerModelId.toLowerCase()) {
      const lower = providerModelId.toLowerCase()
      add(this.hexIds, lower, model, shared)
      add(this.hexIds, `${model.provider}/${lower}`, model, shared)
    }
    for (const alias of aliases) add(this.aliases, alias, model, shared)
    const lower = name.toLowerCase()
    if (lower !== name) add(this.folded, lower, model, shared)
    const slug = slugOf(name)
    if (slug !== lower) add(this.slugs, slug, model, shared)
  }

  private findHex(name: string, scope: NameScope): NameMatch<Model> | null {
    // Of names in lower case, of which most requests are, only an id that is not in lower case can be meant.
    const slash = name.indexOf('/')
    if (!HEX.test(name.slice(slash + 1))) return null
    const lower = name.slice(0, slash + 1) + name.slice(slash + 1).toLowerCase()
    const verbatim = matchExact(lower, this.exact.get(lower) ?? [], scope)
    const ids = verbatim?.by === 'id' ? verbatim.owners : []
    return this.match('id', [...ids, ...visible(this.hexIds.get(lower), scope)])
  }

  private findSpelledOtherwise(name: string, scope: NameScope): NameMatch<Model> | null {
    const inAnotherCase = this.findName(name.toLowerCase(), scope)
    if (inAnotherCase.length > 0) return this.match('name', inAnotherCase)
    const aliased = visible(this.aliases.get(name), scope)
    const claims = new Set([...aliased, ...visible(this.slugs.get(name), scope)])
    if (claims.size === 1) return this.match(aliased.length > 0 ? 'alias' : 'slug', [...claims])
    const slug = slugOf(name)
    const asIs = matchExact(slug, this.exact.get(slug) ?? [], scope, 'name')
    const named = asIs?.owners ?? this.findName(slug, scope)
    if (named.length > 0) return this.match('slug', named)
    const slugged = visible(this.slugs.get(slug), scope)
    return slugged.length === 1 ? this.match('slug', slugged) : null
  }

  /** Those whose name is this one in some case. */
  private findName(lower: string, scope: NameScope): Model[] {
    const inLowerCase = matchExact(lower, this.exact.get(lower) ?? [], scope, 'name')
    return [...(inLowerCase?.owners ?? []), ...visible(this.folded.get(lower), scope)]
  }

  private match(by: MatchedBy, owners: readonly Model[]): NameMatch<Model> | null {
    if (owners.length === 0) return null
    return { by, owners: owners.length === 1 ? owners : [...owners].sort(this.precedes) }
  }
}

function add<Model>(keys: Keys<Model>, key: string, model: Model, shared: Model[][]): void {
  const owners = keys.get(key)
  if (owners === undefined) {
    keys.set(key, model)
  } else if (!Array.isArray(owners)) {
    if (owners === model) return
    const both = [owners, model]
    shared.push(both)
    keys.set(key, both)
  } else if (owners.at(-1) !== model) {
    owners.push(model)
  }
}

function visible<Model extends ResolvableModel>(owners: Owners<Model> | undefined, scope: NameScope): readonly Model[] {
  if (owners === undefined) return []
  return (Array.isArray(owners) ? owners : [owners]).filter((model) => isWithin(model, scope))
}

/** Of those that have this text as public id, as id or as name, the ones that have it as the first of these that any has. */
function matchExact<Model extends ResolvableModel>(
  key: string,
  owners: Owners<Model>,
  scope: NameScope,
  only?: 'name',
): NameMatch<Model> | null {
  if (!Array.isArray(owners)) {
    if (!isWithin(owners, scope) || (only !== undefined && owners.name !== key)) return null
    return { by: only ?? (key === owners.providerModelId || key === owners.id ? 'id' : 'name'), owners: [owners] }
  }
  const seen = visible(owners, scope)
  const ways: readonly (readonly [MatchedBy, 'id' | 'providerModelId' | 'name'])[] =
    only === undefined ? WAYS : NAME_ALONE
  for (const [by, field] of ways) {
    const matching = seen.filter((model) => model[field] === key)
    if (matching.length > 0) return { by, owners: matching }
  }
  return null
}

const WAYS = [
  ['id', 'id'],
  ['id', 'providerModelId'],
  ['name', 'name'],
] as const
const NAME_ALONE = [['name', 'name']] as const
