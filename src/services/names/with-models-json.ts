/** withLocalModels: what a models.json adds to the models of another place. */
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'
import type { FileLoader } from './load-models-json.js'
import type { ModelLoader } from './model-loader.js'

interface Known {
  models: readonly ResolvableModel[]
  rejected: number
  withheld: readonly WithheldModel[]
}

/**
 * The file answers until the other place has, for the first time. From then on it adds only what is its own: models of which that place has never
 * heard, and further names for those that it offers. A model that the place knows and does not offer stays away, whatever the file says.
 */
export function withLocalModels(base: ModelLoader, file: FileLoader): ModelLoader {
  let known: Known | null = null
  return {
    load: async (signal) => {
      const loaded = await base.load(signal)
      const local = await file.read()
      if (loaded.models !== null)
        known = { models: loaded.models, rejected: loaded.rejected, withheld: loaded.withheld ?? [] }
      if (known === null || (loaded.models === null && !local.changed)) return loaded
      return { ...loaded, ...known, models: addLocal(known, local.models), rejected: known.rejected + local.rejected }
    },
    warm: async () => {
      const warm = (await base.warm?.()) ?? null
      const local = await file.read()
      if (warm === null) return { models: local.models, rejected: local.rejected, ageMs: null }
      known ??= { models: warm.models, rejected: warm.rejected, withheld: warm.withheld ?? [] }
      return { ...warm, models: addLocal(known, local.models), rejected: warm.rejected + local.rejected }
    },
  }
}

function addLocal({ models, withheld }: Known, local: readonly ResolvableModel[]): readonly ResolvableModel[] {
  const own = new Map(local.map((model) => [model.id, model]))
  for (const { id } of withheld) own.delete(id)
  if (own.size === 0) return models
  const named = models.map((model) => {
    const more = own.get(model.id)
    own.delete(model.id)
    if (more === undefined) return model
    const aliases = [...new Set([...model.aliases, more.name, ...more.aliases])].filter((name) => name !== model.name)
    return { ...model, aliases }
  })
  return [...named, ...own.values()]
}
