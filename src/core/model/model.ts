/** The model: the fields that upstream may speak of, their types, and the vocabulary of modes and capabilities. */
/** LiteLLM's words for what a model does, as of 1.108, and `router`, which picks among others. @see https://docs.litellm.ai/docs/proxy/model_management (read 2026-11) */
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
  'realtime',
  'ocr',
  'image_edit',
  'search',
  'evaluation',
  'extraction',
  'guardrail',
  'vector_store',
  'decisions',
  'router',
] as const
/** A known one, or a newer word of upstream's, which serves no request. */
export type Mode = (typeof MODES)[number] | (string & Record<never, never>)

/** Values of a filter by mode: each mode, and `unknown` for models without one. */
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

/** How a field is compared, cleaned and stored. */
export type FieldType =
  | 'text'
  | 'mode'
  | 'integer'
  | 'count'
  | 'decimal'
  | 'flag'
  | 'set'
  | 'capabilities'
  | 'prices'
  | 'windows'
  | 'timestamp'
  | 'date'

/** The one list of what a listing may say of a model, in the order of the answers; types, plan, store and routes go by it. */
export const FIELDS = {
  name: 'text',
  description: 'text',
  /** Who makes or serves the model behind the provider (`openai`, `anthropic`). */
  ownedBy: 'text',
  mode: 'mode',
  /** Tokens. */
  contextLength: 'integer',
  /** Tokens. */
  maxOutputTokens: 'integer',
  /** `text`, `image`, `audio`, `video`, `file`, … sorted. */
  inputModalities: 'set',
  outputModalities: 'set',
  capabilities: 'capabilities',
  /** USD per token, as the three below. */
  inputCostPerToken: 'decimal',
  outputCostPerToken: 'decimal',
  cacheReadCostPerToken: 'decimal',
  cacheWriteCostPerToken: 'decimal',
  otherPrices: 'prices',
  /** Hours at which other token prices hold; the first that does counts. */
  priceWindows: 'windows',
  /** How many deployments upstream balances under this name; `null` where it does not say. */
  deployments: 'integer',
  /** Requests a minute that the deployments take together. */
  rpm: 'count',
  /** Tokens a minute. */
  tpm: 'count',
  /** Only the teams and access groups below may call it; `null`: nobody says so. */
  restricted: 'flag',
  /** Upstream's ids, sorted. */
  teams: 'set',
  /** Upstream's names, sorted. */
  accessGroups: 'set',
  /** Other names for the same model, sorted. */
  aliases: 'set',
  /** ISO 8601, UTC. */
  createdAt: 'timestamp',
  /** ISO date, `2026-12-31`. */
  deprecationDate: 'date',
  /** Upstream's id of the successor. */
  replacedBy: 'text',
} as const satisfies Record<string, FieldType>
export type FieldName = keyof typeof FIELDS

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[]

export type Availability = 'available' | 'unavailable'

/** Why a model is not available. */
export type UnavailableReason =
  'omitted' | 'provider-disabled' | 'deprecated' | 'excluded' | 'operator' | 'blocked' | 'not-callable'

/** Why a model that upstream lists cannot be called: its operator has blocked it; no key can call it. */
export type UncallableReason = Extract<UnavailableReason, 'blocked' | 'not-callable'>

/** The public id: `<provider>/<providerModelId>`, verbatim. */
export function modelId(provider: string, providerModelId: string): string {
  return `${provider}/${providerModelId}`
}
