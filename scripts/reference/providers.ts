/** docs/reference/providers.md: every provider with its key and address, out of the sources. */
import { sources } from '../../src/sources/all-sources.js'
import { addressVariable, type Source } from '../../src/sources/kit/source.js'
import { code, page, table, type Page } from './markdown.js'

const INTRODUCTION = `\`MODEL_SYNC_PROVIDERS\` names the providers that are synced. \`all\` takes every provider whose key is set or that needs none; self-hosted ones
(\`ollama\`, \`vllm\`, \`lmstudio\`) and \`models-dev\` only if their address is set.

- **Key.** If several variables are listed, the first that is set wins. A provider that needs a key and has none is skipped.
- **Address.** The address variable replaces scheme, host and port of the provider's own address, and may have a path in front, such as a gateway's. An ending such as
  \`/v1\`, which the vendors' SDKs want, is fine. The variable is read only if that provider is synced. \`ACTIVE_MODELS_URL\` is a whole address.
- **In a host**, pass \`providerOptions.<slug>.apiKey\` and \`.baseUrl\`.
- **Modes.** \`openai\`, \`groq\`, \`anthropic\` and \`gemini\` sync their chat models, and of Google's models Gemini alone, unless \`providerOptions.<slug>.modes\` says otherwise.
- **Packages.** Credentials files of Vertex AI need \`google-auth-library\`; AWS access keys need \`@smithy/signature-v4\`.`

const ENDPOINTS = `Any endpoint that answers OpenAI's \`GET /v1/models\` can be a provider, without code: \`MODEL_SYNC_OPENAI_COMPATIBLE=mybox=http://box:8000/v1;key=MYBOX_KEY\`. Behind
\`;key=\` comes the name of the variable that holds the key. Separate several with commas. These providers list names only, so this is all they need:`

/** Providers whose lists state nothing but names. */
const NAMES_ONLY: readonly [name: string, line: string][] = [
  ['NVIDIA NIM', 'nvidia=https://integrate.api.nvidia.com/v1;key=NVIDIA_API_KEY'],
  ['MiniMax', 'minimax=https://api.minimax.io/v1;key=MINIMAX_API_KEY'],
  ['Scaleway', 'scaleway=https://api.scaleway.ai/v1;key=SCALEWAY_API_KEY'],
  ['Databricks', 'databricks=https://your-workspace.cloud.databricks.com/serving-endpoints;key=DATABRICKS_TOKEN'],
  ['OpenCode Zen', 'opencode-zen=https://opencode.ai/zen/v1;key=OPENCODE_API_KEY'],
]

export function providers(): Page {
  return page(
    'providers.md',
    'src/sources/',
    '# Providers',
    INTRODUCTION,
    table(
      ['Provider', 'Key', 'Address'],
      sources.map((source) => [
        `[${source.name}](${source.homepage})<br>${code(source.slug)}`,
        key(source),
        code(addressOf(source)),
      ]),
    ),
    '## OpenAI-compatible endpoints',
    ENDPOINTS,
    table(
      ['Provider', 'Entry in `MODEL_SYNC_OPENAI_COMPATIBLE`'],
      NAMES_ONLY.map(([name, line]) => [name, code(line)]),
    ),
    '## Your own source',
    'For any other API, [write a source](events-and-hooks.md#sources-of-your-own) and pass it in the option `sources`.',
  )
}

function key({ slug, key: { variables, required, settings = [] }, addressFrom }: Source): string {
  const names = slug === 'litellm' ? ['LITELLM_API_KEY'] : variables
  const beside = [...settings, ...(addressFrom?.variables ?? [])].map(code).join(', ')
  const with_ = beside === '' ? '' : `, with ${beside}`
  if (names.length === 0) return beside === '' ? 'none' : beside
  return `${names.map(code).join(' or ')}${with_}${required ? '' : ' (optional)'}`
}

const addressOf = (source: Source): string => (source.slug === 'litellm' ? 'LITELLM_API_URL' : addressVariable(source))
