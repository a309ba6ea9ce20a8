/** Readers of clouds' own lists, and of machines that somebody runs. */
import { namedMode } from './names.js'
import { flags, limit, readingOf, type Raw, type Reading } from './reading.js'

/** `SPEECH` is audio; `200K` and `1M` are thousands and millions of tokens. */
export function bedrock({ modelId: id, modelName, providerName, converse, description, ...raw }: Raw): Reading {
  const [input, output] = [raw.inputModalities, raw.outputModalities].map((list: string[]) =>
    list.map((word) => (word === 'SPEECH' ? 'audio' : word.toLowerCase())),
  ) as [string[], string[]]
  return readingOf(id, {
    name: modelName,
    description: description?.shortDescription ?? null,
    ownedBy: providerName,
    mode: bedrockMode(id, input, output),
    contextLength: tokens(description?.maxContextWindow),
    maxOutputTokens: limit(converse?.maxTokensMaximum),
    inputModalities: input,
    outputModalities: output.filter((word) => word !== 'embedding'),
    capabilities: flags({
      streaming: raw.responseStreamingSupported,
      vision: input.includes('image'),
      promptCaching: raw.explicitPromptCaching?.isSupported,
      reasoning: converse?.reasoningSupported?.embedded,
      systemMessages: converse?.systemRoleSupported,
      pdfInput: converse?.userDocumentTypesSupported?.includes('pdf'),
    }),
    createdAt: description?.releaseDate === undefined ? null : new Date(description.releaseDate).toISOString(),
  })
}

function bedrockMode(id: string, input: string[], output: string[]): string | null {
  const named = namedMode(id)
  if (named !== null) return named
  if (output.includes('embedding')) return 'embedding'
  if (output.includes('text')) return input.includes('text') ? 'chat' : null
  return output.includes('image') ? 'image_generation' : output.includes('video') ? 'video_generation' : null
}

function tokens(text: string | null | undefined): number | null {
  const [, count = '', unit = ''] = /^([\d,]+)([KM]?)$/i.exec(text ?? '') ?? []
  const factor = { K: 1_000, M: 1_000_000 }[unit.toUpperCase()] ?? 1
  return count === '' ? null : Number(count.replace(',', '')) * factor
}

/** From before `capabilities`: what a model can do is asked for one by one. */
export function ollama({ name, model: id }: Raw): Reading {
  return readingOf(id, {
    name,
    mode: namedMode(id),
    input: '0',
    output: '0',
    aliases: id.endsWith(':latest') ? [id.slice(0, -':latest'.length)] : [],
  })
}

/** OpenAI's shape: ids alone, and an owner that is nobody. */
export function lmstudio({ id }: Raw): Reading {
  return readingOf(id, { mode: namedMode(id) })
}

/** A server of one's own states the context that it was started with; `created` is when it was asked. */
export function llamacpp({ id, owned_by: ownedBy, meta }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: namedMode(id), contextLength: limit(meta.n_ctx) })
}

/** Names with the mode and the limits that LiteLLM knows of them; the date and the owner are constants. */
export function litellmName({ id, mode, ...raw }: Raw): Reading {
  return readingOf(id, {
    mode: mode ?? null,
    contextLength: limit(raw.max_input_tokens),
    maxOutputTokens: limit(raw.max_output_tokens),
  })
}
