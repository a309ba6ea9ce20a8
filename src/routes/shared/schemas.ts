/** The schemas of what the routes answer, as OpenAPI shows them. */
import { Type, type TSchema } from 'typebox'
import { CAPABILITIES } from '../../core/model/model.js'
import { PROVIDER_STATUSES, TRIGGERS } from '../../core/records/run-words.js'

/** The type, or `null` = unknown; spelled so that the serializer needs no choice between two schemas. */
export function Nullable(schema: TSchema & { type?: string }): TSchema {
  return Type.Unsafe({ ...schema, type: [schema.type, 'null'] })
}

const Text = Nullable(Type.String())
const Tokens = Nullable(Type.Integer({ description: 'tokens' }))
const Price = Nullable(Type.String({ description: 'USD per token, decimal' }))
const Time = Type.String({ description: 'ISO 8601, UTC' })
const Anything = Type.Unsafe<unknown>({})

const Counters = {
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
}

const Facts = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description: 'what the code knows',
})

/** A problem for whatever decides something. */
export const CauseSchema = Type.Object({ code: Type.String(), facts: Facts })

const ToldProblem = Type.Object({
  code: Type.String(),
  provider: Nullable(Type.String({ description: 'null: of the run as a whole' })),
  message: Type.String(),
  facts: Facts,
})

const ProviderResult = Type.Object({
  provider: Type.String(),
  status: Type.Unsafe<string>({ type: 'string', enum: PROVIDER_STATUSES }),
  ...Counters,
  error: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'code of what kept the provider from being ok' })),
  facts: Type.Optional(Facts),
  warnings: Type.Array(Type.String()),
  heldModels: Type.Optional(Type.Integer({ description: 'models of the answer of which a change is held' })),
  fetchMs: Type.Integer(),
  applyMs: Type.Integer(),
})

/** The uniform result, also the body of a 500. */
export const SyncResultSchema = Type.Object({
  success: Type.Boolean({ description: 'no errors' }),
  ...Counters,
  errors: Type.Array(Type.String()),
  problems: Type.Array(ToldProblem, { description: 'the same, for whatever decides something; in their order' }),
  syncedAt: Time,
  runId: Text,
  trigger: Type.Unsafe<string>({ type: 'string', enum: TRIGGERS }),
  dryRun: Type.Boolean(),
  durationMs: Type.Integer(),
  revision: Nullable(Type.Integer()),
  warnings: Type.Array(Type.String()),
  providers: Type.Array(ProviderResult),
  plan: Type.Optional(Anything),
  planHash: Type.Optional(Type.String()),
})

export const RunProgressSchema = Type.Object({
  runId: Type.String(),
  trigger: Type.String(),
  userId: Text,
  startedAt: Time,
  providers: Type.Array(
    Type.Object({
      provider: Type.String(),
      state: Type.Unsafe<'waiting' | 'fetching' | 'applying' | 'done'>({
        type: 'string',
        enum: ['waiting', 'fetching', 'applying', 'done'],
      }),
      entries: Type.Integer({ description: 'raw ones read so far' }),
      result: Nullable(ProviderResult),
    }),
  ),
})

export const RunSchema = Type.Object({
  runId: Type.String(),
  keys: Type.Unsafe<'own' | 'backend'>({
    type: 'string',
    enum: ['own', 'backend'],
    description: 'with whose: your own, of which nobody else is shown anything, or the backend’s',
  }),
  trigger: Type.String(),
  userId: Text,
  startedAt: Time,
  finishedAt: Nullable(Time),
  durationMs: Nullable(Type.Integer()),
  success: Nullable(Type.Boolean()),
  options: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description:
      'what it was asked to do: forceUpdate, markUnavailable, planHash, … Of `only` the first 100 ids, and how many there were',
  }),
  providers: Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'slugs that were asked for',
  }),
  appVersion: Text,
  replica: Nullable(Type.String({ description: 'which process ran it' })),
  phases: Type.Unsafe<{ fetchMs: number; applyMs: number } | null>({
    type: ['object', 'null'],
    properties: { fetchMs: { type: 'number' }, applyMs: { type: 'number' } },
    description: 'sums over the providers, which run side by side, ms',
  }),
  result: Anything,
  folded: Type.Unsafe<{ runs: number; firstStartedAt: string } | null>({
    type: ['object', 'null'],
    properties: { runs: { type: 'integer' }, firstStartedAt: { type: 'string' } },
    description: 'this row stands for so many runs of one hour that changed nothing, of which it is the last',
  }),
})

export const ChangeSchema = Type.Object({
  id: Type.Integer(),
  runId: Text,
  modelId: Type.String(),
  provider: Type.String(),
  kind: Type.String(),
  field: Text,
  from: Anything,
  to: Anything,
  cause: Type.String(),
  actor: Type.String(),
  at: Time,
})

export const OtherPriceSchema = Type.Object({
  kind: Type.String(),
  unit: Type.String(),
  currency: Type.String(),
  price: Type.String(),
})

const modelMembers = {
  id: Type.String(),
  provider: Type.String(),
  providerModelId: Type.String(),
  canonicalName: Nullable(
    Type.String({ description: 'vendor/model, shared by the offers of one model; null: not certain' }),
  ),
  name: Type.String(),
  description: Text,
  ownedBy: Text,
  mode: Text,
  contextLength: Tokens,
  maxOutputTokens: Tokens,
  inputModalities: Type.Array(Type.String()),
  outputModalities: Type.Array(Type.String()),
  capabilities: Type.Object(
    Object.fromEntries(CAPABILITIES.map((capability) => [capability, Nullable(Type.Boolean())])),
  ),
  inputCostPerToken: Price,
  outputCostPerToken: Price,
  cacheReadCostPerToken: Price,
  cacheWriteCostPerToken: Price,
  otherPrices: Type.Array(OtherPriceSchema),
  deployments: Nullable(Type.Integer()),
  aliases: Type.Array(Type.String()),
  createdAt: Nullable(Time),
  deprecationDate: Nullable(Type.String({ description: 'ISO date' })),
  replacedBy: Text,
  origin: Type.String(),
  availability: Type.String(),
  unavailableReason: Text,
  unavailableSince: Nullable(Time),
  stale: Type.Boolean(),
  hidden: Type.Boolean(),
  pins: Anything,
  conflicts: Type.Array(Anything),
  provenance: Anything,
  firstSeenAt: Time,
  lastSeenAt: Nullable(Time),
  updatedAt: Time,
}

export const ModelSchema = Type.Object(modelMembers)
export const ModelDetailSchema = Type.Object({
  ...modelMembers,
  upstreamEntry: Anything,
  changes: Type.Array(ChangeSchema),
})

export const DiscrepancySchema = Type.Object({
  modelId: Type.String(),
  field: Type.String(),
  upstream: Type.Unsafe<string | number>({ description: 'USD per token, decimal; or tokens' }),
  book: Type.Unsafe<string | number>({ description: 'the same of the price book' }),
  percent: Type.Number({ description: 'how far upstream is from the book, in percent of the book’s value' }),
})

/** `limit` and `cursor`, the same on each list. */
export const PageSchema = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'fewer come where they would exceed 8 MiB' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 4096, pattern: '^[A-Za-z0-9_-]*={0,2}$', description: 'nextCursor of the page before' }),
  ),
}
export const NextCursorSchema = Nullable(Type.String())
