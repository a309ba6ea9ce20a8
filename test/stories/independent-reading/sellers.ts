/** Readers of sellers that came in 2026. */
import { namedMode } from './names.js'
import { divide, flags, limit, readingOf, seconds, type Raw, type Reading } from './reading.js'

/** USD per token as text; `image` and `request` of 0 are not charged. The id names the maker, `owned_by` the host. */
export function baseten({ id, name, description, created, pricing, ...raw }: Raw): Reading {
  const can = (feature: string): true | null => (raw.supported_features.includes(feature) === true ? true : null)
  return readingOf(id, {
    name,
    description,
    ownedBy: id.split('/')[0],
    contextLength: limit(raw.context_length),
    maxOutputTokens: limit(raw.max_completion_tokens),
    capabilities: flags({
      functionCalling: can('tools'),
      structuredOutput: can('structured_outputs'),
      reasoning: can('reasoning'),
    }),
    input: divide(pricing.prompt, 0),
    output: divide(pricing.completion, 0),
    createdAt: seconds(created),
  })
}

/** USD per million where the unit is the token; the others are paid by the second of an answer. */
export function friendli({ id, name, description, created, functionality: can, pricing, ...raw }: Raw): Reading {
  const byToken = pricing.unit_type === 'TOKEN'
  const time = divide(pricing.response_time, 0) ?? '0'
  return readingOf(id, {
    name,
    description: description.trim() === '' ? null : description,
    ownedBy: id.includes('/') === true ? id.split('/')[0] : null,
    mode: namedMode(id),
    contextLength: limit(raw.context_length),
    maxOutputTokens: limit(raw.max_completion_tokens),
    capabilities: flags({
      functionCalling: can.tool_call,
      parallelFunctionCalling: can.parallel_tool_call,
      structuredOutput: can.structured_output,
    }),
    input: byToken ? divide(pricing.input, 6) : null,
    output: byToken ? divide(pricing.output, 6) : null,
    others: byToken ? {} : { 'usage per second': time },
    createdAt: seconds(created),
  })
}

/** No prices; `created` is when it was asked. What neither chats nor paints nor speaks is a base model. */
export function hyperbolic({ id, ...raw }: Raw): Reading {
  const mode = raw.supports_chat === true ? 'chat' : (namedMode(id) ?? 'completion')
  const chats = mode === 'chat'
  return readingOf(id, {
    ownedBy: id.includes('/') === true ? id.split('/')[0] : null,
    mode,
    contextLength: limit(raw.context_length),
    capabilities: chats ? flags({ vision: raw.supports_image_input, functionCalling: raw.supports_tools }) : {},
  })
}

/** From before prices; `created` is in milliseconds. `owned_by` is Poe itself. */
export function poe({ id, created, architecture }: Raw): Reading {
  const { input_modalities: input, output_modalities: output } = architecture as Record<string, string[]>
  const modes = { text: 'chat', image: 'image_generation', video: 'video_generation', audio: 'audio_speech' }
  const [medium = 'text'] = output?.[0]?.split(',') ?? []
  return readingOf(id, {
    mode: modes[medium as keyof typeof modes],
    inputModalities: input ?? [],
    outputModalities: output ?? [],
    capabilities: {
      vision: false,
      audioInput: false,
      pdfInput: false,
      audioOutput: output?.includes('audio') === true,
    },
    createdAt: new Date(created).toISOString(),
  })
}

/** USD per token as text; a model of speech is paid by the hour, and its token prices of 0 are none. */
export function sambanova({ id, pricing, ...raw }: Raw): Reading {
  const hour = pricing.duration_per_hour
  return readingOf(id, {
    mode: namedMode(id),
    contextLength: limit(raw.context_length),
    maxOutputTokens: limit(raw.max_completion_tokens),
    input: hour === undefined ? divide(pricing.prompt, 0) : null,
    output: hour === undefined ? divide(pricing.completion, 0) : null,
    others: hour === undefined ? {} : { 'input_audio per hour': divide(hour, 0) ?? '' },
  })
}
