/** The table of sources: a provider is in the product when it is listed here. */
import { aihubmix } from './providers/aihubmix.js'
import { aimo } from './providers/aimo.js'
import { alibaba } from './providers/alibaba/alibaba.js'
import { anannas } from './providers/anannas.js'
import { anthropic } from './providers/anthropic.js'
import { azure } from './providers/azure.js'
import { baseten } from './providers/baseten.js'
import { bedrock } from './providers/bedrock/bedrock.js'
import { cerebras } from './providers/cerebras.js'
import { chutes } from './providers/chutes.js'
import { cloudflare } from './providers/cloudflare/cloudflare.js'
import { cohere } from './providers/cohere.js'
import { deepinfra } from './providers/deepinfra/deepinfra.js'
import { deepseek } from './providers/deepseek.js'
import { digitalocean } from './providers/digitalocean/digitalocean.js'
import { fal } from './providers/fal/fal.js'
import { featherless } from './providers/featherless/featherless.js'
import { fireworks } from './providers/fireworks/fireworks.js'
import { friendli } from './providers/friendli.js'
import { gemini } from './providers/gemini.js'
import { googleVertex } from './providers/google-vertex/google-vertex.js'
import { groq } from './providers/groq.js'
import { helicone } from './providers/helicone/helicone.js'
import { huggingface } from './providers/huggingface/huggingface.js'
import { hyperbolic } from './providers/hyperbolic.js'
import { kilo } from './providers/kilo.js'
import { litellm } from './providers/litellm/litellm.js'
import { llmgateway } from './providers/llmgateway.js'
import { lmstudio } from './providers/lmstudio.js'
import { mistral } from './providers/mistral.js'
import { modelsDev } from './providers/models-dev.js'
import { moonshot } from './providers/moonshot.js'
import { morpheus } from './providers/morpheus/morpheus.js'
import { near } from './providers/near/near.js'
import { nebius } from './providers/nebius.js'
import { novita } from './providers/novita.js'
import { ollama } from './providers/ollama.js'
import { openai } from './providers/openai.js'
import { openrouter } from './providers/openrouter.js'
import { ovhcloud } from './providers/ovhcloud.js'
import { perplexity } from './providers/perplexity.js'
import { poe } from './providers/poe.js'
import { requesty } from './providers/requesty.js'
import { sambanova } from './providers/sambanova.js'
import { together } from './providers/together/together.js'
import { venice } from './providers/venice.js'
import { vercelAiGateway } from './providers/vercel-ai-gateway/vercel-ai-gateway.js'
import { vllm } from './providers/vllm.js'
import { watsonx } from './providers/watsonx.js'
import { xai } from './providers/xai/xai.js'
import { zai } from './providers/zai.js'
import type { Source } from './kit/source.js'

export const sources: readonly Source[] = [
  litellm,
  openrouter,
  deepinfra,
  featherless,
  fireworks,
  together,
  huggingface,
  cerebras,
  googleVertex,
  xai,
  groq,
  near,
  fal,
  chutes,
  aimo,
  anannas,
  aihubmix,
  helicone,
  vercelAiGateway,
  nebius,
  novita,
  alibaba,
  openai,
  anthropic,
  gemini,
  mistral,
  cohere,
  deepseek,
  azure,
  bedrock,
  ollama,
  vllm,
  lmstudio,
  zai,
  moonshot,
  perplexity,
  cloudflare,
  sambanova,
  requesty,
  baseten,
  venice,
  watsonx,
  ovhcloud,
  poe,
  hyperbolic,
  llmgateway,
  kilo,
  friendli,
  digitalocean,
  modelsDev,
  morpheus,
]
