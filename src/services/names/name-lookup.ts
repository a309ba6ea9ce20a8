/** NameLookup: what names mean to the caller of one request; the caller's own models stand behind those that everybody has. */
import { resolveAll } from '../../core/names/resolve-all.js'
import { ResolveError } from '../../core/names/resolve-error.js'
import {
  meansDefault,
  type ModelResolver,
  type ResolvedModel,
  type ResolveOptions,
} from '../../core/names/model-resolver.js'
import type { Resolution, RefusedName } from '../../core/names/resolution.js'
import type { Suggestion } from '../../core/names/suggester.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'
import { inSlices } from '../slices.js'

export interface NameLookupOptions {
  /** The models that everybody has; `null`: none have been loaded. */
  shared: ModelResolver | null
  /** The models that only the caller's keys have shown; `null`: none. */
  own: ModelResolver | null
  /** Answers for a caller's own model that cannot be had while nothing has been loaded: a resolver without models. */
  nothing(): ModelResolver
  /** The error for every other name while nothing has been loaded. */
  refusal(): ResolveError
  /** Called with a name that nobody has. */
  missed?: ((name: string) => void) | undefined
}

type Name = string | null | undefined

export class NameLookup {
  private readonly suggests: boolean

  constructor(
    private readonly options: NameLookupOptions,
    private readonly how: ResolveOptions = {},
  ) {
    this.suggests = how.suggest ?? how.strict ?? false
  }

  /** At once where no suggestions are wanted. @throws ResolveError, or rejects with it */
  find(name: Name): ResolvedModel | Promise<ResolvedModel> {
    return this.suggests ? inSlices(this.steps(name, true)) : this.resolve(name)
  }

  /** @returns for each name, in their order, its answer or why it has none @throws ResolveError 503 while nothing has been loaded */
  findAll(names: readonly string[]): Promise<(Resolution | RefusedName)[]> {
    return inSlices(resolveAll((name, suggests) => this.steps(name, suggests), names, this.suggests))
  }

  private *steps(name: Name, suggests: boolean): Generator<void, ResolvedModel, void> {
    const { shared } = this.options
    const near = suggests && shared !== null && this.ownFor(name) === null ? yield* shared.suggest(name, this.how) : []
    return this.resolve(name, near)
  }

  /** {@link find} at once, without suggestions of its own. @throws ResolveError */
  resolve(name: Name, near: readonly Suggestion[] = []): ResolvedModel {
    const { shared } = this.options
    const own = this.ownFor(name)
    if (own !== null && 'found' in own) return own.found
    const withheld = own?.withheld ?? null
    if (shared === null && withheld === null) throw this.options.refusal()
    return this.answer(shared ?? this.options.nothing(), name, withheld, near)
  }

  private answer(
    resolver: ModelResolver,
    name: Name,
    withheld: WithheldModel | null,
    near: readonly Suggestion[],
  ): ResolvedModel {
    try {
      const found = resolver.resolve(name, this.how, withheld, near)
      if (found.answer.fallback) this.options.missed?.(found.answer.requested)
      return found
    } catch (error) {
      if (error instanceof ResolveError && error.unknownName !== null) this.options.missed?.(error.unknownName)
      throw error
    }
  }

  /** The caller's own model of a name that nobody else has, or the one of that name that cannot be had. */
  private ownFor(name: Name): { found: ResolvedModel } | { withheld: WithheldModel } | null {
    const { shared, own } = this.options
    if (own === null || name === null || name === undefined || meansDefault(name)) return null
    if (shared?.has(name, this.how) === true) return null
    if (own.has(name, this.how)) return { found: own.resolve(name, this.how) }
    const withheld = own.findWithheld(name, this.how)
    return withheld === null ? null : { withheld }
  }
}
