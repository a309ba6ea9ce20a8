/** The list of Fireworks' control plane, the only one that states when a model ends. */
import { dateOf, identifyBy, membersOf } from '../../kit/entry.js'
import { entriesOfPages, pageToken } from '../../kit/paging.js'
import type { Listing } from '../../kit/source.js'

const identify = identifyBy('name')

/** @see https://docs.fireworks.ai/api-reference/list-models (read 2026-11) */
export const accountModels: Listing = {
  path: '/v1/accounts/fireworks/models?pageSize=200&filter=supports_serverless%3Dtrue',
  entries: entriesOfPages('models'),
  next: pageToken('nextPageToken', 'pageToken'),
  identify,
  parse: (entry) =>
    identify(entry) === null
      ? { kind: 'rejected', reason: 'the entry has no name' }
      : { kind: 'model', fields: { deprecationDate: endOf(membersOf(entry)['deprecationDate']) } },
  // The first list says all else.
  members: {
    keep: 'deprecationDate{year month day}',
    leave: `
      name displayName description createTime updateTime state kind public contextLength supportsImageInput
      supportsTools supportsServerless conversationConfig
    `,
  },
  supplements: true,
  absent: { deprecationDate: null },
  optional: 'which models end keeps its last state',
  without: ({ status }) => ({
    warning: `the list of accounts/fireworks answered ${status}, so that it is not known which models end; the key needs to read it`,
    complete: true,
  }),
}

// A date of zeros is none.
function endOf(date: unknown): string | null {
  const { year, month, day } = membersOf(date)
  const parts = [year, month, day]
  if (!parts.every((part) => Number.isSafeInteger(part) && part !== 0)) return null
  return dateOf(parts.map((part, place) => String(part).padStart(place === 0 ? 4 : 2, '0')).join('-'))
}
