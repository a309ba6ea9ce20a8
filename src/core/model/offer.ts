/** Who serves a model, and under which id there: what LiteLLM passes on to a provider is that provider's offer. Pure. */

/** What an offer and a canonical name are told from. */
export interface ListedModel {
  provider: string
  providerModelId: string
  ownedBy: string | null
}

export interface Offer {
  /** Slug of the provider that serves. */
  provider: string
  /** Its own id of the model. */
  id: string
}

/** LiteLLM's word for a provider, ours, and what LiteLLM writes in front of an id. @see https://docs.litellm.ai/docs/providers (read 2026-11) */
const LITELLM_PROVIDERS: Readonly<Record<string, readonly [slug: string, prefix?: RegExp]>> = {
  anthropic: ['anthropic'],
  aihubmix: ['aihubmix'],
  azure: ['azure'],
  azure_ai: ['azure'],
  baseten: ['baseten'],
  bedrock: ['bedrock', /^bedrock\/(converse\/|invoke\/)?/],
  bedrock_converse: ['bedrock', /^bedrock\/(converse\/)?/],
  cerebras: ['cerebras'],
  cloudflare: ['cloudflare'],
  cohere: ['cohere'],
  cohere_chat: ['cohere', /^cohere(_chat)?\//],
  dashscope: ['alibaba'],
  deepinfra: ['deepinfra'],
  deepseek: ['deepseek'],
  featherless_ai: ['featherless'],
  fireworks_ai: ['fireworks'],
  gemini: ['gemini'],
  groq: ['groq'],
  huggingface: ['huggingface'],
  hyperbolic: ['hyperbolic'],
  mistral: ['mistral'],
  moonshot: ['moonshot'],
  nebius: ['nebius'],
  novita: ['novita'],
  openai: ['openai'],
  openrouter: ['openrouter'],
  ovhcloud: ['ovhcloud'],
  perplexity: ['perplexity'],
  sambanova: ['sambanova'],
  together_ai: ['together'],
  vercel_ai_gateway: ['vercel-ai-gateway'],
  watsonx: ['watsonx'],
  xai: ['xai'],
  zai: ['zai'],
}

/**
 * The offer behind an entry. An entry of LiteLLM is the offer of the provider that it is passed on to, as `ownedBy` says; its name is taken for that
 * provider's id, since nothing else is listed.
 * @returns `null` where `ownedBy` does not tell a provider. Throws nothing.
 */
export function offerOf({ provider, providerModelId, ownedBy }: ListedModel): Offer | null {
  if (provider !== 'litellm') return { provider, id: providerModelId }
  // `vertex_ai-language-models`, `vertex_ai-anthropic_models`, …
  const owner = ownedBy?.startsWith('vertex_ai') === true ? 'vertex_ai' : ownedBy
  if (owner === null) return null
  if (owner === 'vertex_ai') return { provider: 'google-vertex', id: providerModelId.replace(/^vertex_ai\//, '') }
  if (!Object.hasOwn(LITELLM_PROVIDERS, owner)) return null
  const [slug, prefix] = LITELLM_PROVIDERS[owner]!
  if (prefix !== undefined) return { provider: slug, id: providerModelId.replace(prefix, '') }
  const written = `${owner}/`
  return {
    provider: slug,
    id: providerModelId.startsWith(written) ? providerModelId.slice(written.length) : providerModelId,
  }
}

/** One text for an offer, the same for the same offer. */
export function offerKey({ provider, id }: Offer): string {
  return `${provider}/${id.toLowerCase()}`
}
