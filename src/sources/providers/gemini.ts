/** Google's Gemini API: its list of models, by the methods that each of them has. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import { capabilitiesOf, flagOf, isRecord, limitOf, membersOf, textOf } from '../kit/entry.js'
import { listOf, unreadMode } from '../kit/words.js'
import { entriesOfPages, pageToken } from '../kit/paging.js'
import type { Parsed, Source } from '../kit/source.js'

const PREFIX = 'models/'

/** The key goes in a header, which keeps it out of addresses. @see https://ai.google.dev/api/models (read 2026-11) */
export const gemini = {
  slug: 'gemini',
  name: 'Google Gemini API',
  description: 'The Gemini models, from their maker.',
  homepage: 'https://ai.google.dev',
  version: 2,
  baseUrl: 'https://generativelanguage.googleapis.com',
  clientPaths: ['/v1beta/openai', '/v1'],
  key: {
    variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    required: true,
    headers: (key: string) => ({ 'x-goog-api-key': key }),
  },
  modes: ['chat'],
  // The API lists open models (Gemma, LearnLM) and other services beside them.
  family: /^(?:gemini-|tunedModels\/)/,
  listings: [
    {
      path: '/v1beta/models?pageSize=1000',
      entries: entriesOfPages('models'),
      next: pageToken('nextPageToken', 'pageToken'),
      identify,
      parse,
      members: {
        keep: `
          name baseModelId version displayName description inputTokenLimit outputTokenLimit supportedGenerationMethods
          thinking temperature maxTemperature topP topK
        `,
      },
    },
  ],
} satisfies Source

/** Without `models/`, under which clients never call them; a tuned model (`tunedModels/…`) keeps its whole name. */
function identify(entry: unknown): string | null {
  const name = textOf(membersOf(entry)['name'])
  const id = name?.startsWith(PREFIX) === true ? name.slice(PREFIX.length) : name
  return id === '' ? null : id
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no name' }
  const methods = listOf(entry['supportedGenerationMethods'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['displayName']) ?? id,
      description: textOf(entry['description']),
      ownedBy: 'google',
      mode: modeOf(id, methods) ?? unreadMode(entry['supportedGenerationMethods']),
      contextLength: limitOf(entry['inputTokenLimit']),
      maxOutputTokens: limitOf(entry['outputTokenLimit']),
      capabilities: capabilitiesOf({
        reasoning: flagOf(entry['thinking']),
        promptCaching: methods.includes('createCachedContent') ? true : null,
      }),
    },
  }
}

// `generateContent` is also how images and speech are asked for, which the name alone tells; music has no mode.
function modeOf(id: string, methods: readonly string[]): Mode | null {
  if (methods.includes('embedContent')) return 'embedding'
  const named = classifyMode(id)
  if (named !== null) return named
  if (/(?:^|-)(?:live|native-audio)(?:$|-)/.test(id) && methods.includes('bidiGenerateContent')) return 'realtime'
  if (!methods.includes('generateContent')) return null
  return /(?:^|-)(?:lyria|live|veo|imagen|tts)(?:$|-)/.test(id) ? null : 'chat'
}
