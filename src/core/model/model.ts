/** The model: the fields that upstream may speak of, their types, and the vocabulary of modes and capabilities. */
import type { Decimal } from './price.js'

/** LiteLLM's words for what a model does. @see https://docs.litellm.ai/docs/proxy/model_management (read 2026-11) */
export const MODES = [
  'chat',
  'completion',
  'responses',
  'embedding',
  'image_generation',
  'video_generation',
  'audio_transcription',
  'audio_speech',
  'moderation',
  'rerank',
] as const
export type Mode = (typeof MODES)[number]

/** What a filter by mode may name: a mode, or that nobody states one. */
export const MODE_CHOICES = [...MODES, 'unknown'] as const
export type ModeChoice = (typeof MODE_CHOICES)[number]

/** What a model can do beyond its mode. In an answer each is `true`, `false` (the source said so) or `null` (it did not say). */
export const CAPABILITIES = [
  'streaming',
  'functionCalling',
  'parallelFunctionCalling',
  'toolChoice',
  'vision',
  'reasoning',
  'structuredOutput',
  'promptCaching',
  'webSearch',
  'urlContext',
  'pdfInput',
  'audioInput',
  'audioOutput',
  'computerUse',
  'systemMessages',
  'assistantPrefill',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** Only what the source said: an absent key is unknown, `false` is said. */
export type Capabilities = Partial<Record<Capability, boolean>>

/** A price that is not one of the four token prices: per image, per second, per request, a tier, another currency. */
export interface OtherPrice {
  /** What is paid for, in upstream's word where it has one: `input_audio`, `output_image`, `input_above_200k`. */
  kind: string
  /** `token`, `image`, `second`, `request`, `character`, … */
  unit: string
  /** ISO 4217; never mixed with USD. */
  currency: string
  price: Decimal
}

/** Everything that a listing may say of a model. `null` and `[]` = it did not say; a key left out of a desired model = this listing cannot speak of it. */
export interface ModelFields {
  name: string
  description: string | null
  /** Who makes or serves the model behind the provider (`openai`, `anthropic`). */
  ownedBy: string | null
  mode: Mode | null
  /** Tokens. */
  contextLength: number | null
  /** Tokens. */
  maxOutputTokens: number | null
  /** `text`, `image`, `audio`, `video`, `file`, … sorted. */
  inputModalities: string[]
  outputModalities: string[]
  capabilities: Capabilities
  /** USD per token, as the three below. */
  inputCostPerToken: Decimal | null
  outputCostPerToken: Decimal | null
  cacheReadCostPerToken: Decimal | null
  cacheWriteCostPerToken: Decimal | null
  otherPrices: OtherPrice[]
  /** How many deployments upstream balances under this name; `null` where it does not say. */
  deployments: number | null
  /** Other names for the same model, sorted. */
  aliases: string[]
  /** ISO 8601, UTC. */
  createdAt: string | null
  /** ISO date, `2026-12-31`. */
  deprecationDate: string | null
  /** Upstream's id of the successor. */
  replacedBy: string | null
}

export type FieldName = keyof ModelFields

/** How a field is compared, cleaned and stored. */
export type FieldType =
  'text' | 'mode' | 'integer' | 'decimal' | 'set' | 'capabilities' | 'prices' | 'timestamp' | 'date'

/** The one list of fields, in the order of the answers; plan, store and routes go by it. */
export const FIELDS = {
  name: 'text',
  description: 'text',
  ownedBy: 'text',
  mode: 'mode',
  contextLength: 'integer',
  maxOutputTokens: 'integer',
  inputModalities: 'set',
  outputModalities: 'set',
  capabilities: 'capabilities',
  inputCostPerToken: 'decimal',
  outputCostPerToken: 'decimal',
  cacheReadCostPerToken: 'decimal',
  cacheWriteCostPerToken: 'decimal',
  otherPrices: 'prices',
  deployments: 'integer',
  aliases: 'set',
  createdAt: 'timestamp',
  deprecationDate: 'date',
  replacedBy: 'text',
} as const satisfies Record<FieldName, FieldType>

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[]

/** What one listing says of one model: only the fields that it can speak of. */
export type DesiredFields = Partial<ModelFields>

export type Availability = 'available' | 'unavailable'

/** Why a model is not available. */
export type UnavailableReason = 'omitted' | 'provider-disabled' | 'deprecated' | 'excluded' | 'operator'

/** The public id: `<provider>/<providerModelId>`, verbatim. */
export function modelId(provider: string, providerModelId: string): string {
  return `${provider}/${providerModelId}`
}
