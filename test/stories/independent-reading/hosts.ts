/** Readers of those who serve what others make. */
import { namedMode } from './names.js'
import { divide, flags, limit, media, readingOf, seconds, type Raw, type Reading } from './reading.js'

/** The list behind a key; `created` is 0. */
export function cerebras({ id, owned_by: ownedBy }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: 'chat' })
}

/** USD per million; `created` and `owned_by` are the engine's. */
export function chutes({ id, pricing, ...raw }: Raw): Reading {
  const input: string[] = raw.input_modalities ?? []
  const output: string[] = raw.output_modalities ?? []
  return readingOf(id, {
    description: raw.tagline ?? null,
    contextLength: limit(raw.context_length ?? raw.max_model_len),
    maxOutputTokens: limit(raw.max_output_length),
    inputModalities: input,
    outputModalities: output,
    capabilities: media(input, output),
    input: divide(pricing.prompt, 6),
    output: divide(pricing.completion, 6),
  })
}

/** The list in OpenAI's shape: USD per million. `owned_by` names the host, the id the maker. */
export function deepinfra({ id, metadata }: Raw): Reading {
  const ownedBy = id.includes('/') === true ? id.split('/')[0] : null
  if (metadata === null) return readingOf(id, { ownedBy, mode: namedMode(id) })
  const { pricing, tags } = metadata
  return readingOf(id, {
    description: metadata.description,
    ownedBy,
    mode: namedMode(id) ?? 'chat',
    contextLength: limit(metadata.context_length),
    maxOutputTokens: limit(metadata.max_tokens),
    capabilities: flags({
      ...(tags.includes('vision') ? { vision: true } : {}),
      ...(tags.includes('reasoning_effort') ? { reasoning: true } : {}),
    }),
    input: divide(pricing.input_tokens, 6),
    output: divide(pricing.output_tokens, 6),
    cacheRead: divide(pricing.cache_read_tokens, 6),
  })
}

/** From before prices, names and pages. */
export function featherless({ id, owned_by: ownedBy, created, ...raw }: Raw): Reading {
  return readingOf(id, {
    ownedBy,
    mode: namedMode(id),
    contextLength: limit(raw.context_length),
    maxOutputTokens: limit(raw.max_completion_tokens),
    capabilities: flags({ functionCalling: raw.features?.tool_use, vision: raw.features?.image_input }),
    createdAt: seconds(created),
  })
}

export function fireworks({ id, owned_by: ownedBy, created, kind, ...raw }: Raw): Reading {
  const mode = raw.supports_chat === true ? 'chat' : kind === 'FLUMINA_BASE_MODEL' ? 'image_generation' : null
  return readingOf(id, {
    ownedBy,
    mode,
    contextLength: limit(raw.context_length),
    capabilities: flags({ functionCalling: raw.supports_tools, vision: raw.supports_image_input }),
    createdAt: seconds(created),
  })
}

/** Before prices. What speech models state as their output is no number of tokens. */
export function groq({ id, owned_by: ownedBy, created, ...raw }: Raw): Reading {
  const mode = namedMode(id) ?? 'chat'
  return readingOf(id, {
    ownedBy,
    mode,
    contextLength: limit(raw.context_window),
    maxOutputTokens: mode === 'chat' ? limit(raw.max_completion_tokens) : null,
    createdAt: seconds(created),
  })
}

/** Input and output of the live provider whose sum is the lowest; 0 is a price only where it says that it is free. */
export function huggingface({ id, owned_by: ownedBy, created, architecture, providers }: Raw): Reading {
  const live: Raw[] = providers.filter(({ status }: Raw) => status === 'live')
  const priced = live
    .filter(
      ({ pricing, is_free: free }) => pricing !== undefined && (free === true || pricing.input + pricing.output > 0),
    )
    .sort((a, b) => a.pricing.input + a.pricing.output - b.pricing.input - b.pricing.output)
  const contexts: number[] = live.map((one) => one.context_length ?? 0)
  const { input_modalities: input, output_modalities: output } = architecture
  return readingOf(id, {
    ownedBy,
    mode: 'chat',
    contextLength: limit(Math.max(0, ...contexts)),
    inputModalities: input,
    outputModalities: output,
    capabilities: {
      ...media(input, output),
      functionCalling: live.some((one) => one.supports_tools === true),
      structuredOutput: live.some((one) => one.supports_structured_output === true),
    },
    input: divide(priced[0]?.pricing.input, 6),
    output: divide(priced[0]?.pricing.output, 6),
    createdAt: seconds(created),
  })
}

/** USD per token, text. */
export function openrouter({ id, name, created, description, architecture, pricing, ...raw }: Raw): Reading {
  const { input_modalities: input, output_modalities: output } = architecture as Record<string, string[]>
  const can = (parameter: string): Record<string, true> | object =>
    raw.supported_parameters.includes(parameter) ? { [parameter]: true } : {}
  const stated = Object.fromEntries(
    ['tools', 'tool_choice', 'parallel_tool_calls', 'structured_outputs', 'reasoning', 'include_reasoning'].flatMap(
      (parameter) => Object.keys(can(parameter)).map((key) => [key, true]),
    ),
  )
  const others = openrouterOthers(pricing)
  // Nothing to pay by the token where something else is paid.
  const byUnit = Object.keys(others).some((kind) => !kind.endsWith('token') && !kind.startsWith('web_search'))
  const price = (raw: string | undefined): string | null => {
    const amount = divide(raw, 0)
    const isFreeOfTokens = Number(pricing.prompt) === 0 && Number(pricing.completion) === 0
    return byUnit && isFreeOfTokens && amount === '0' ? null : amount
  }
  const slug = raw.canonical_slug
  return readingOf(id, {
    name,
    description,
    ownedBy: id.split('/')[0] ?? null,
    mode: output?.includes('text') === true ? 'chat' : null,
    contextLength: limit(raw.context_length),
    maxOutputTokens: limit(raw.top_provider.max_completion_tokens),
    inputModalities: input ?? [],
    outputModalities: output ?? [],
    capabilities: flags({
      ...media(input, output),
      pdfInput: input?.includes('file'),
      functionCalling: stated['tools'],
      toolChoice: stated['tool_choice'],
      parallelFunctionCalling: stated['parallel_tool_calls'],
      structuredOutput: stated['structured_outputs'],
      reasoning: stated['reasoning'] ?? stated['include_reasoning'],
    }),
    input: price(pricing.prompt),
    output: price(pricing.completion),
    cacheRead: price(pricing.input_cache_read),
    cacheWrite: price(pricing.input_cache_write),
    others,
    aliases: slug === undefined || slug === id || id.includes(':') ? [] : [slug],
    createdAt: seconds(created),
    deprecationDate: raw.expiration_date ?? null,
  })
}

function openrouterOthers(pricing: Raw): Record<string, string> {
  const amounts: [string, string | undefined][] = [
    [Number(pricing.image) < 0.0005 ? 'input_image per token' : 'input_image per image', pricing.image],
    ['request per request', pricing.request],
    ['web_search per request', pricing.web_search],
    ['output_reasoning per token', pricing.internal_reasoning],
    ['input_audio per token', pricing.audio],
  ]
  return Object.fromEntries(
    amounts.flatMap(([kind, raw]) => {
      const amount = divide(raw, 0)
      return amount === null || amount === '0' ? [] : [[kind, amount]]
    }),
  )
}
