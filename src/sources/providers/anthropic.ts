/** Anthropic: all pages of its list of models, with their limits and capabilities where it states them. */
import { capabilitiesOf, flagOf, identifyBy, isRecord, limitOf, membersOf, textOf, timeOf } from '../kit/entry.js'
import { entriesIn } from '../kit/listing.js'
import type { Listing, Parsed, Source } from '../kit/source.js'

const identify = identifyBy('id')

/**
 * Every model of the list answers messages. Whether it calls tools is not stated, nor are prices; aliases resolve, but are not listed.
 * @see https://docs.anthropic.com/en/api/models-list (read 2026-11)
 */
export const anthropic = {
  slug: 'anthropic',
  name: 'Anthropic',
  description: 'The Claude models, from their maker.',
  homepage: 'https://www.anthropic.com',
  version: 1,
  baseUrl: 'https://api.anthropic.com',
  key: { variables: ['ANTHROPIC_API_KEY'], required: true, headers: (key: string) => ({ 'x-api-key': key }) },
  modes: ['chat'],
  listings: [
    {
      path: '/v1/models?limit=1000',
      headers: { 'anthropic-version': '2023-06-01' },
      entries: entriesIn('data'),
      next: nextPage,
      identify,
      parse,
      members: {
        keep: `
          id display_name created_at max_input_tokens max_tokens capabilities{batch{supported} citations{supported}
          code_execution{supported} context_management{supported} effort{supported low{supported} medium{supported}
          high{supported} max{supported}} image_input{supported} pdf_input{supported} structured_outputs{supported}
          thinking{supported types{adaptive{supported} enabled{supported}}}}
        `,
        leave: 'type',
      },
    },
  ],
} satisfies Source

function nextPage(body: unknown): ReturnType<NonNullable<Listing['next']>> {
  const { has_more: more, last_id: last } = membersOf(body)
  const after = textOf(last)
  return more === true && after !== null ? { query: { after_id: after } } : null
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  const stated = entry['capabilities']
  const can = (name: string): boolean | null => flagOf(membersOf(membersOf(stated)[name])['supported'])
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['display_name']) ?? id,
      ownedBy: 'anthropic',
      mode: 'chat',
      contextLength: limitOf(entry['max_input_tokens']),
      maxOutputTokens: limitOf(entry['max_tokens']),
      inputModalities: isRecord(stated)
        ? ['text', ...(can('image_input') === true ? ['image'] : []), ...(can('pdf_input') === true ? ['file'] : [])]
        : [],
      outputModalities: isRecord(stated) ? ['text'] : [],
      capabilities: capabilitiesOf({
        vision: can('image_input'),
        pdfInput: can('pdf_input'),
        structuredOutput: can('structured_outputs'),
        reasoning: can('thinking'),
      }),
      createdAt: timeOf(entry['created_at']),
    },
  }
}
