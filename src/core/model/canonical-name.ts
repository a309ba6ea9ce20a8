/**
 * The canonical name, `vendor/model`, that the offers of one model share. Pure. Given only where it is certain:
 *
 * | listed as | canonical |
 * | --- | --- |
 * | openai: `gpt-4o` · openrouter: `openai/gpt-4o` · azure: `gpt-4o` · litellm of openai: `openai/gpt-4o` | `openai/gpt-4o` |
 * | openai: `gpt-4o-2024-08-06` (a dated one is another than what the bare name means today) | `openai/gpt-4o-2024-08-06` |
 * | anthropic: `claude-sonnet-4-5-20250929` · bedrock: `us.anthropic.claude-sonnet-4-5-20250929-v1:0` · google-vertex: `…@20250929` · openrouter: `anthropic/claude-sonnet-4.5` (of a Claude there is one date, 3.5 Sonnet apart) | `anthropic/claude-sonnet-4-5` |
 * | gemini: `models/gemini-2.5-pro` · google-vertex: `gemini-2.5-pro` | `google/gemini-2.5-pro` |
 * | together: `meta-llama/Llama-3.3-70B-Instruct` · bedrock: `meta.llama3-3-70b-instruct-v1:0` | `meta/llama-3.3-70b-instruct` |
 * | `deepseek-ai/DeepSeek-V3.1` · `zai-org/GLM-4.6` and `z-ai/glm-4.6` (vendors by their aliases, in lower case) | `deepseek/deepseek-v3.1` · `zai/glm-4.6` |
 * | `:free`, `:nitro`, any other `:`; `-fp8`, `-awq`, …; `-turbo`, `-fast`, `-lite`, `-tee` of a host; fine-tunes | `null`: another offer |
 * | `…-latest`, `deepseek-chat`, `mistral-large` (what they mean changes, at other times elsewhere) | `null` |
 * | ollama, lmstudio, vllm, fal, morpheus, aimo, a host's own source (their ids are names of anybody's choice) | `null` |
 */
import { offerOf, type ListedModel } from './offer.js'

/** Providers that list what they make, and nothing else. */
const MAKERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  mistral: 'mistral',
  cohere: 'cohere',
  deepseek: 'deepseek',
  xai: 'xai',
  moonshot: 'moonshotai',
  zai: 'zai',
  alibaba: 'qwen',
}

/** Providers that serve what many make, under `vendor/model` or a name that says its vendor. */
const RESELLERS = new Set([
  ...['openrouter', 'deepinfra', 'featherless', 'fireworks', 'together', 'huggingface', 'cerebras', 'google-vertex'],
  ...['groq', 'near', 'chutes', 'anannas', 'aihubmix', 'helicone', 'vercel-ai-gateway', 'nebius', 'novita', 'azure'],
  ...['kilo', 'llmgateway', 'baseten', 'friendli', 'hyperbolic', 'sambanova', 'ovhcloud', 'watsonx'],
])

/** Other spellings of a vendor, in lower case. */
const VENDORS: Readonly<Record<string, string>> = {
  'meta-llama': 'meta',
  mistralai: 'mistral',
  'x-ai': 'xai',
  'z-ai': 'zai',
  'zai-org': 'zai',
  'deepseek-ai': 'deepseek',
  alibaba: 'qwen',
  moonshot: 'moonshotai',
  minimaxai: 'minimax',
  gemini: 'google',
}

/** What a vendor calls its models; other vendors' names do not begin so. */
const FAMILIES: readonly (readonly [vendor: string, names: RegExp])[] = [
  [
    'openai',
    /^(gpt-|o\d+(-|$)|codex-|text-embedding-(3|ada)|dall-e-|whisper-|tts-1|omni-moderation-|sora-|computer-use-|(babbage|davinci)-002)/,
  ],
  ['anthropic', /^claude-/],
  ['google', /^(gemini-|gemma-|imagen-|veo-|learnlm-|text-embedding-0|embedding-0|aqa$)/],
  ['mistral', /^((mi|mini|code|dev|magi)stral-|pixtral-|voxtral-|mixtral-|open-mi[sx]tral-)/],
  ['cohere', /^(command-|embed-|rerank-|c4ai-|aya-)/],
  ['deepseek', /^deepseek-/],
  ['xai', /^grok-/],
  ['moonshotai', /^(kimi-|moonshot-)/],
  ['zai', /^(glm-|cogview-|cogvideox-)/],
  ['qwen', /^(qwen|qwq-|qvq-|wan\d)/],
]

/** Names whose meaning moves on, at one provider sooner than at another. */
const MOVING =
  /(^|-)latest$|^(deepseek-(chat|reasoner)|qwen-(vl-|coder-|math-)?(max|plus|turbo|flash|long)|command(-light|-nightly|-r|-r-plus)?|mistral-7b-instruct|gemini-pro|auto)$/

/** A part that says how the weights were cut down or tuned, or in what kind of machine they run. */
const CHANGED =
  /^(fp\d+|bf16|int\d+|nvfp\d|mxfp\d|nf4|awq|gptq|gguf|exl\d|mlx|bnb|\d+bit|q\d|w\d+a\d+|quantized|autoround|ft|lora|finetuned?|tee|free|maas)$/

/** What a host calls a faster or cheaper way to serve the same weights. */
const HOST_WORDS =
  /^(turbo|fast|lite|cheap|nitro|online|flex|priority|batch|dedicated|reference|versatile|instant|tput|throughput|highspeed)$/

/** Makers' names in which such a word belongs to the model: `gpt-4-turbo`, `gemini-2.5-flash-lite`. */
const OWN_WORDS = /^(gpt-\d|grok-|gemini-|claude-|nova-|whisper-|o\d)/

/** Throws nothing. */
export function canonicalName(model: ListedModel): string | null {
  const offer = offerOf(model)
  if (offer === null) return null
  const id = offer.id.toLowerCase()
  const named = offer.provider === 'bedrock' ? readBedrock(id) : readName(offer.provider, id)
  if (named === null) return null
  const [vendor, spelled] = named
  const name = spellName(vendor, spelled)
  return name === null || isOtherOffer(name) ? null : `${vendor}/${name}`
}

type Named = readonly [vendor: string, name: string]

function readName(provider: string, id: string): Named | null {
  const bare = id.replace(/^(models\/|accounts\/fireworks\/models\/)/, '')
  if (Object.hasOwn(MAKERS, provider)) {
    const vendor = MAKERS[provider]!
    return familyOf(bare) === vendor ? [vendor, bare] : null
  }
  if (!RESELLERS.has(provider)) return null
  const [, vendor, name] = /^(?:publishers\/)?([a-z0-9][\w.-]*)\/(?:models\/)?([a-z0-9][^/]*)$/.exec(bare) ?? []
  if (vendor !== undefined && name !== undefined)
    // `openrouter/auto` is a router, no model.
    return vendor === provider ? null : [Object.hasOwn(VENDORS, vendor) ? VENDORS[vendor]! : vendor, name]
  const family = familyOf(bare)
  return family === null ? null : [family, bare]
}

/** `us.anthropic.claude-sonnet-4-20250514-v1:0`: where it is computed, the vendor, its name, the version of the interface. */
function readBedrock(id: string): Named | null {
  const [, vendor, name] =
    /^(?:(?:[a-z]{2}(?:-gov)?|apac|global)\.)?(anthropic|amazon|meta|mistral|openai)\.([a-z0-9.-]+?)(?:-v\d+(?::\d+)?|-1:\d+)?$/.exec(
      id,
    ) ?? []
  if (vendor === undefined || name === undefined) return null
  // Of Mistral only what bears its date; of OpenAI only the open weights end in a bare number.
  if (vendor === 'mistral' && !/-\d{4}$/.test(name)) return null
  return [vendor, name]
}

/** One spelling of what a vendor's model is called by itself and by others; `null`: it could be several. */
function spellName(vendor: string, name: string): string | null {
  if (vendor === 'anthropic') return spellClaude(name)
  if (vendor === 'meta') return name.replace(/^(?:meta-)?llama-?(\d)(?:[.-](\d))?-(?=.)/, spellLlama)
  if (vendor === 'amazon') return name.replace(/^(nova-.*)-v1$/, '$1')
  if (vendor === 'openai') return name.replace(/^gpt-35-/, 'gpt-3.5-')
  if (vendor === 'mistral') return /\d/.test(name) ? name : null
  return name
}

function spellLlama(_: string, major: string, minor: string | undefined): string {
  return `llama-${major}${minor === undefined ? '' : `.${minor}`}-`
}

function spellClaude(name: string): string {
  const dashed = name.replace('@', '-').replace(/(\d)\.(\d)/, '$1-$2')
  // Two models bear the name of 3.5 Sonnet, and only their dates tell them apart.
  const undated = dashed.startsWith('claude-3-5-sonnet') ? dashed : dashed.replace(/-20\d{6}$/, '')
  // `claude-4.5-sonnet` is another order of the same words; before 4 it was the only one.
  return undated.replace(/^claude-([4-9](?:-\d)?)-([a-z]+)$/, 'claude-$2-$1').replace(/^(claude-[a-z]+-\d)-0$/, '$1')
}

function isOtherOffer(name: string): boolean {
  if (!/^[a-z0-9][\w.-]*$/.test(name) || MOVING.test(name)) return true
  const parts = name.split(/[-_]/)
  if (parts.some((part) => CHANGED.test(part))) return true
  return HOST_WORDS.test(parts.at(-1) ?? '') && !(OWN_WORDS.test(name) && !name.startsWith('gpt-oss'))
}

function familyOf(name: string): string | null {
  return FAMILIES.find(([, names]) => names.test(name))?.[0] ?? null
}
