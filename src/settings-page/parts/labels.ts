/** The names that people use for providers, modes, capabilities and reasons. */
import { formatPlural, UNKNOWN } from './format.js'

// Those of the sources (a test compares them), here so that a name stands from the first frame on and never changes under the eye.
const PROVIDER_NAMES: Record<string, string> = {
  litellm: 'LiteLLM',
  openrouter: 'OpenRouter',
  deepinfra: 'DeepInfra',
  featherless: 'Featherless',
  fireworks: 'Fireworks AI',
  together: 'Together AI',
  huggingface: 'Hugging Face Inference Providers',
  cerebras: 'Cerebras',
  'google-vertex': 'Google Vertex AI',
  xai: 'xAI',
  groq: 'Groq',
  near: 'NEAR AI Cloud',
  fal: 'fal',
  chutes: 'Chutes',
  aimo: 'AIMO Network',
  anannas: 'Anannas',
  aihubmix: 'AiHubMix',
  helicone: 'Helicone AI Gateway',
  'vercel-ai-gateway': 'Vercel AI Gateway',
  nebius: 'Nebius Token Factory',
  novita: 'Novita AI',
  alibaba: 'Alibaba Cloud Model Studio',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  gemini: 'Google Gemini API',
  mistral: 'Mistral AI',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  azure: 'Azure OpenAI',
  bedrock: 'AWS Bedrock',
  ollama: 'Ollama',
  vllm: 'vLLM',
  lmstudio: 'LM Studio',
  zai: 'Z.ai',
  moonshot: 'Moonshot AI',
  perplexity: 'Perplexity',
  cloudflare: 'Cloudflare Workers AI',
  sambanova: 'SambaNova Cloud',
  requesty: 'Requesty',
  baseten: 'Baseten',
  venice: 'Venice',
  watsonx: 'IBM watsonx.ai',
  ovhcloud: 'OVHcloud AI Endpoints',
  poe: 'Poe',
  hyperbolic: 'Hyperbolic',
  llmgateway: 'LLM Gateway',
  kilo: 'Kilo Gateway',
  friendli: 'Friendli',
  digitalocean: 'DigitalOcean Gradient',
  'models-dev': 'models.dev',
  morpheus: 'Morpheus',
}

/** A provider's name for people; what an operator has named, an endpoint or a provider of local models, stays as it was named. */
export function providerName(slug: string): string {
  return PROVIDER_NAMES[slug] ?? slug
}

/** More names than these say less than their number. */
const NAMED = 3

/** `"LiteLLM"`, `"LiteLLM and Groq"`, `"LiteLLM, Groq and xAI"`, `"12 providers"`. */
export function providerNames(slugs: readonly string[]): string {
  if (slugs.length > NAMED) return formatPlural(slugs.length, 'provider')
  const names = slugs.map(providerName)
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ')
}

/** `"image_generation"` → `"image generation"`; `null` → `"—"`. */
export function formatMode(mode: string | null): string {
  return mode === null ? UNKNOWN : mode.replaceAll('_', ' ')
}

/** In the order in which people look for them; what is not in the list follows by its own name. */
export const CAPABILITY_NAMES: Record<string, string> = {
  vision: 'vision',
  functionCalling: 'tools',
  reasoning: 'reasoning',
  structuredOutput: 'structured output',
  promptCaching: 'prompt caching',
  webSearch: 'web search',
  pdfInput: 'PDF input',
  audioInput: 'audio in',
  audioOutput: 'audio out',
  computerUse: 'computer use',
  parallelFunctionCalling: 'parallel tools',
  toolChoice: 'tool choice',
  streaming: 'streaming',
  urlContext: 'URL context',
  systemMessages: 'system messages',
  assistantPrefill: 'prefill',
}

/** The names of what a model can do, most telling first; what is `false` or unknown is left out. */
export function capabilityNames(capabilities: Record<string, boolean | null>): string[] {
  const able = Object.keys(capabilities).filter((key) => capabilities[key] === true)
  const order = Object.keys(CAPABILITY_NAMES)
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
  return able.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).map((key) => CAPABILITY_NAMES[key] ?? spaced(key))
}

const REASONS: Record<string, string> = {
  omitted: 'no longer listed',
  'provider-disabled': 'its provider is disabled',
  deprecated: 'deprecated',
  excluded: 'excluded by a rule',
  operator: 'taken out by an operator',
  blocked: 'blocked at its provider',
  'not-callable': 'listed, but not callable',
}

/** Why a model is unavailable, in words; a reason that is not known comes as it is. */
export function formatReason(reason: string | null): string | null {
  return reason === null ? null : (REASONS[reason] ?? reason.replaceAll('-', ' '))
}

function spaced(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** Why a guard holds a change. */
export const HELD_REASONS: Record<string, string> = {
  'empty-answer': 'Held: the answer had no models at all, which looks like an outage.',
  'mass-removal': 'Held: too many models would go at once.',
  'price-jump': 'Held: the price would jump tenfold or more, or fall to nothing.',
  undone: 'Held: a person took this change back before.',
}
