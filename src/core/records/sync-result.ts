/** SyncResult: the one result of every trigger, also for errors. */
import { Type, type Static } from 'typebox'
import { DoubtSchema } from '../model/doubt.js'
import type { PlanDocument } from '../plan/plan-document.js'
import { Anything, Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import type { Cause, ProblemCode, ToldProblem } from './problem.js'
import { PROVIDER_STATUSES, TRIGGERS } from './run-words.js'

/** Numbers of models; the same names for a provider and for the whole run. */
export const CountersSchema = Type.Object({
  /** Of a provider that was not modified, its last applied listing. */
  totalModels: Type.Integer({ description: 'models in the answers, duplicates merged' }),
  newModels: Type.Integer(),
  updatedModels: Type.Integer(),
  unavailableModels: Type.Integer(),
  restoredModels: Type.Integer(),
  renamedModels: Type.Integer(),
  unchangedModels: Type.Integer(),
  rejectedModels: Type.Integer(),
  filteredModels: Type.Integer(),
  heldChanges: Type.Integer(),
})
export type SyncCounters = Static<typeof CountersSchema>

const FactsSchema = Type.Unsafe<Cause['facts']>({
  type: 'object',
  additionalProperties: true,
  description: 'what the code knows',
})

/** A problem for whatever decides something; which facts a code has is said by {@link Cause}. */
export const CauseSchema = Type.Unsafe<Cause>(Type.Object({ code: Type.String(), facts: FactsSchema }))

const ToldProblemSchema = Type.Unsafe<ToldProblem>(
  Type.Object({
    code: Type.String(),
    provider: Nullable(Type.String({ description: 'null: of the run as a whole' })),
    message: Type.String(),
    facts: FactsSchema,
  }),
)

const NewDoubtSchema = Type.Object({
  /** Public id. */
  modelId: Type.String(),
  ...Type.Pick(DoubtSchema, ['field', 'value', 'expected', 'reason']).properties,
})
export type NewDoubt = Static<typeof NewDoubtSchema>

export const ProviderResultSchema = Type.Object({
  provider: Type.String(),
  status: OneOf(PROVIDER_STATUSES),
  ...CountersSchema.properties,
  /** Without the provider's slug, without secrets. */
  error: Type.Optional(Type.String()),
  reason: Type.Optional(
    Type.Unsafe<ProblemCode>(Type.String({ description: 'code of what kept the provider from being ok' })),
  ),
  facts: Type.Optional(FactsSchema),
  warnings: Type.Array(Type.String()),
  newDoubts: Type.Optional(Type.Integer({ description: 'new values that are not what price books say; unset: none' })),
  doubts: Type.Optional(Type.Array(NewDoubtSchema, { description: 'the first of them' })),
  /** Unset: none. */
  heldModels: Type.Optional(Type.Integer({ description: 'models of the answer of which a change is held' })),
  fetchMs: Type.Integer(),
  applyMs: Type.Integer(),
})
export type ProviderResult = Static<typeof ProviderResultSchema>

/** Also the body of a 500. */
export const SyncResultSchema = Type.Object({
  success: Type.Boolean({ description: 'no errors' }),
  ...CountersSchema.properties,
  /** One line for each provider that is failed, incomplete or held, starting with its slug. */
  errors: Type.Array(Type.String()),
  problems: Type.Array(ToldProblemSchema, { description: 'the same, for whatever decides something; in their order' }),
  syncedAt: Time,
  /** `null` in a dry run, and when the database could not record the run. */
  runId: Text,
  trigger: OneOf(TRIGGERS),
  takenOver: Type.Optional(
    Type.String({
      description: 'name of the process that began the run and ended, or lost its lease, before it was done',
    }),
  ),
  dryRun: Type.Boolean(),
  durationMs: Type.Integer(),
  /** The catalogue's, after the run; `null` when the database did not say. */
  revision: Nullable(Type.Integer()),
  warnings: Type.Array(Type.String()),
  providers: Type.Array(ProviderResultSchema),
  /** Of a dry run; spelled out where one is asked for, since it is long. */
  plan: Type.Optional(Anything<PlanDocument>()),
  planHash: Type.Optional(Type.String()),
})
export type SyncResult = Static<typeof SyncResultSchema>
