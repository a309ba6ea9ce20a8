/** ModelEditor: what people change by hand: pins, visibility, availability, local models. */
import { ModelEditSchema, NewModelSchema, type ModelEdit, type NewModel } from '../../core/model/model-edit.js'
import { cleanFields, cleanId } from '../../core/model/clean-fields.js'
import { completeFields, diffFields } from '../../core/model/field-changes.js'
import { checkMembers } from '../../core/input/known-members.js'
import { FIELD_NAMES, modelId, type FieldName } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import { stampAfter } from '../../core/records/stamp.js'
import { effectiveFields, type Pins } from '../../core/model/pins.js'
import { ConflictError, EditError, NotFoundError, OptionsError } from '../../errors.js'
import { growRevision } from '../../store/revision.js'
import { insertChanges, type Change } from '../../store/changes/write-changes.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import {
  deleteModel,
  insertLocalModel,
  lockModel,
  writeEdit,
  type EditableModel,
} from '../../store/models/edit-model.js'
import { describeApplied, type AppliedChange } from '../applied-changes.js'
import { ensureProvider, lockProvider, touchProvider } from '../../store/providers/provider-rows.js'

const UNPINNABLE: readonly string[] = [...FIELD_NAMES, 'availability', 'hidden']
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/

export class ModelEditor {
  /** Words of our own paths, which would hide a provider of that name. */
  private readonly reserved = new Set<string>()

  constructor(
    private readonly options: {
      database: PooledDatabase
      now(): number
      /** Slugs of the sources. */
      slugs: readonly string[]
      /** Told after the commit. */
      committed(provider: string, changes: readonly AppliedChange[]): void
    },
  ) {}

  /** Nobody may add a provider of this name. @throws OptionsError when a source has it */
  reserve(word: string): void {
    if (this.options.slugs.includes(word))
      throw new OptionsError(
        `a source has the slug ${JSON.stringify(word)}, a word of our own paths, which would hide it; give the one in MODEL_SYNC_OPENAI_COMPATIBLE (openaiCompatible) or in sources another`,
      )
    this.reserved.add(word)
  }

  /**
   * Pins and unpins.
   * @throws NotFoundError; EditError for a value that its field cannot hold
   */
  async edit(id: string, edit: ModelEdit, actor: string): Promise<void> {
    checkMembers('editor.edit', edit, ModelEditSchema.properties)
    const { hidden, availability, unpin = [], ...given } = edit
    const unknown = unpin.filter((field) => !UNPINNABLE.includes(field))
    if (unknown.length > 0)
      throw new EditError(`unpin names ${unknown.join(', ')}; expected some of ${UNPINNABLE.join(', ')}`)
    const fields = checkFields(given)
    await this.change(
      id,
      async (database, before, at) => {
        if (before.origin === 'local' && unpin.some((field) => FIELD_NAMES.includes(field as FieldName))) {
          throw new EditError(
            `${id} is a local model, which no upstream speaks of: set the field to another value instead`,
          )
        }
        const after: EditableModel = {
          ...before,
          ...(before.origin === 'local'
            ? { upstream: { ...before.upstream, ...fields } }
            : { pins: mergePins(before.pins, fields, unpin) }),
          hidden: unpin.includes('hidden') ? false : (hidden ?? before.hidden),
          pinnedUnavailable: unpin.includes('availability')
            ? false
            : availability === undefined
              ? before.pinnedUnavailable
              : availability === 'unavailable',
        }
        await writeEdit(database, at, after)
        return changesOf(before, after)
      },
      actor,
    )
  }

  /**
   * Adds a local model.
   * @returns its public id
   * @throws EditError; ConflictError when there is a model with this id
   */
  async add(model: NewModel, actor: string): Promise<string> {
    checkMembers('editor.add', model, NewModelSchema.properties)
    const { provider, providerModelId: rawId, ...given } = model
    if (!SLUG.test(provider) || this.reserved.has(provider)) {
      throw new EditError(
        `provider is ${JSON.stringify(provider)}; expected lower-case letters, digits and hyphens, and none of ${[...this.reserved].join(', ')}`,
      )
    }
    const cleaned = cleanId(rawId)
    if ('reason' in cleaned) throw new EditError(`providerModelId cannot be used: ${cleaned.reason}`)
    const providerModelId = cleaned.id
    const fields = completeFields(providerModelId, checkFields(given))
    const changes = await this.options.database.transaction(async (database) => {
      const { id: providerId } = await ensureProvider(database, { slug: provider, name: provider })
      const locked = await lockProvider(database, providerId)
      const at = stampAfter(locked?.changedAt ?? null, this.options.now())
      const rowId = await insertLocalModel(database, at, { providerId, providerModelId, fields })
      if (rowId === null)
        throw new ConflictError(`there is a model ${modelId(provider, providerModelId)} already; PATCH changes it`)
      const change: Change = {
        modelId: rowId,
        providerModelId,
        kind: 'added',
        field: null,
        from: null,
        to: fields,
        cause: 'local',
      }
      return settle(database, providerId, [change], actor, at)
    })
    this.options.committed(provider, describeApplied(provider, changes))
    return modelId(provider, providerModelId)
  }

  /** @throws NotFoundError; ConflictError for a model that upstream lists */
  async delete(id: string, actor: string): Promise<void> {
    await this.change(
      id,
      async (database, model) => {
        if (model.origin !== 'local')
          throw new ConflictError(
            `${id} comes from upstream and would come back with the next sync: hide it with PATCH {"hidden": true}`,
          )
        await deleteModel(database, model.rowId)
        const { rowId, providerModelId, upstream } = model
        return [
          { modelId: rowId, providerModelId, kind: 'deleted', field: null, from: upstream, to: null, cause: 'local' },
        ]
      },
      actor,
    )
  }

  private async change(
    id: string,
    work: (database: Database, model: EditableModel, at: string) => Promise<Change[]>,
    actor: string,
  ): Promise<void> {
    const slash = id.indexOf('/')
    const changes = await this.options.database.transaction(async (database) => {
      const model = slash < 1 ? null : await lockModel(database, id.slice(0, slash), id.slice(slash + 1))
      if (model === null) throw new NotFoundError(`there is no model "${id}"; GET /models?search= finds it`)
      const at = stampAfter(model.changedAt, this.options.now())
      return settle(database, model.providerId, await work(database, model, at), actor, at)
    })
    const provider = id.slice(0, slash)
    this.options.committed(provider, describeApplied(provider, changes))
  }
}

async function settle(
  database: Database,
  providerId: number,
  changes: readonly Change[],
  actor: string,
  at: string,
): Promise<readonly Change[]> {
  await insertChanges(database, { providerId, runId: null, actor, at }, changes)
  await touchProvider(database, providerId, { at, reread: false })
  await growRevision(database)
  return changes
}

/** @throws EditError: by hand nothing is silently turned into "unknown" */
function checkFields(given: DesiredFields): DesiredFields {
  const { fields, problems } = cleanFields(given)
  const prices = FIELD_NAMES.filter((field) => field.endsWith('PerToken')).map((field) => given[field])
  const others = (given.otherPrices ?? []).map(({ price }) => price)
  const comma = [...prices, ...others].some((price) => String(price).includes(','))
  const advice = comma ? '. A price has a decimal point, and commas between thousands only: 1.25, not 1,25' : ''
  if (problems.length > 0) throw new EditError(problems.join('; ') + advice)
  if ('name' in given && fields.name === undefined)
    throw new EditError('name is blank; give the model a name, or leave it out')
  return fields
}

function mergePins(pins: Pins, fields: DesiredFields, unpin: readonly string[]): Pins {
  const kept: Pins = Object.fromEntries(Object.entries(pins).filter(([field]) => !unpin.includes(field)))
  const merged = { ...kept, ...fields }
  if (fields.capabilities !== undefined) merged.capabilities = { ...kept.capabilities, ...fields.capabilities }
  return merged
}

function changesOf(before: EditableModel, after: EditableModel): Change[] {
  const cause = before.origin === 'local' ? 'local' : 'pin'
  const ids = { modelId: before.rowId, providerModelId: before.providerModelId, cause } as const
  const fields = diffFields(effectiveFields(before.upstream, before.pins), effectiveFields(after.upstream, after.pins))
  const changes: Change[] = Object.entries(fields).map(([field, { from, to }]) => ({
    ...ids,
    kind: 'updated',
    field,
    from,
    to,
  }))
  if (before.hidden !== after.hidden)
    changes.push({ ...ids, kind: 'updated', field: 'hidden', from: before.hidden, to: after.hidden })
  if (before.pinnedUnavailable !== after.pinnedUnavailable) {
    const [from, to] = [before, after].map(({ pinnedUnavailable, listedReason }) =>
      pinnedUnavailable ? 'operator' : listedReason,
    )
    changes.push({ ...ids, kind: to === null ? 'restored' : 'unavailable', field: null, from, to })
  }
  return changes
}
