/** Readers of those who list what they make. */
import { namedMode, openaiMode } from './names.js'
import { flags, limit, readingOf, seconds, type Raw, type Reading } from './reading.js'

export function anthropic({ id, display_name: name, created_at: created }: Raw): Reading {
  return readingOf(id, { name, ownedBy: 'anthropic', mode: 'chat', createdAt: new Date(created).toISOString() })
}

export function openai({ id, created }: Raw): Reading {
  return readingOf(id, { ownedBy: 'openai', mode: openaiMode(id), createdAt: seconds(created) })
}

export function deepseek({ id, owned_by: ownedBy }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: 'chat' })
}

export function zai({ id, owned_by: ownedBy, created }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: 'chat', createdAt: seconds(created) })
}

/** `created` is one date in all rows: nobody's own. */
export function moonshot({ id, owned_by: ownedBy }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: 'chat' })
}

export function xai({ id, owned_by: ownedBy, created }: Raw): Reading {
  return readingOf(id, { ownedBy, mode: namedMode(id), createdAt: seconds(created) })
}

const METHODS: readonly (readonly [method: string, mode: (id: string) => string | null])[] = [
  ['embedContent', () => 'embedding'],
  ['predictLongRunning', () => 'video_generation'],
  ['predict', () => 'image_generation'],
  [
    'generateContent',
    (id) => (id.includes('-tts') ? 'audio_speech' : id.includes('-image') ? 'image_generation' : 'chat'),
  ],
  ['bidiGenerateContent', () => 'realtime'],
]

export function gemini({ name, displayName, description, inputTokenLimit, outputTokenLimit, ...raw }: Raw): Reading {
  const id = name.replace('models/', '')
  const methods: string[] = raw.supportedGenerationMethods
  return readingOf(id, {
    name: displayName,
    description: description ?? null,
    ownedBy: 'google',
    mode: METHODS.find(([method]) => methods.includes(method))?.[1](id) ?? null,
    contextLength: limit(inputTokenLimit),
    maxOutputTokens: limit(outputTokenLimit),
    capabilities: flags({
      reasoning: raw.thinking,
      ...(methods.includes('createCachedContent') ? { promptCaching: true } : {}),
    }),
  })
}

export function mistral({ id, name, description, aliases, capabilities: can, ...raw }: Raw): Reading {
  const chats = can.completion_chat === true
  const mode = [
    [can.ocr && (!chats || id.includes('ocr')), 'ocr'],
    [chats, 'chat'],
    [can.completion_fim, 'completion'],
    [can.moderation || id.includes('moderation'), 'moderation'],
    [id.includes('embed'), 'embedding'],
    [can.audio, 'audio_transcription'],
  ].find(([holds]) => holds === true)?.[1] as string | undefined
  return readingOf(id, {
    name,
    description,
    ownedBy: raw.owned_by,
    mode: mode ?? null,
    contextLength: limit(raw.max_context_length),
    inputModalities: chats ? ['text', ...(can.vision ? ['image'] : []), ...(can.audio ? ['audio'] : [])] : [],
    outputModalities: chats ? ['text'] : [],
    capabilities: flags({ functionCalling: can.function_calling, vision: can.vision, audioInput: can.audio }),
    aliases: aliases.filter((alias: string) => alias !== id),
    deprecationDate: raw.deprecation?.slice(0, 10) ?? null,
    replacedBy: raw.deprecation_replacement_model,
  })
}
