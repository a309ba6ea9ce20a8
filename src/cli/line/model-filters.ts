/** The options that choose models, and the pages that they come in. */
import { CAPABILITIES, MODES } from '../../core/model/model.js'
import { SORT_KEYS } from '../../core/model/sort-keys.js'
import type { ModelRecord, ModelsQuery } from '../../core/model/model-record.js'
import type { Backend } from '../backend/backend.js'
import type { Options, Values } from './command.js'
import { eachOf } from './limit.js'

export const FILTER_OPTIONS = {
  search: { type: 'string', value: 'WORDS', description: 'words that must all be in the id, the name or the owner' },
  provider: { type: 'string', value: 'SLUG', description: 'of this provider' },
  mode: { type: 'string', value: 'MODE', description: `of this mode: ${MODES.join(', ')}, unknown, or another` },
  availability: {
    type: 'string',
    value: 'STATE',
    choices: ['available', 'unavailable'],
    description: 'only these',
  },
  'owned-by': { type: 'string', value: 'OWNER', description: 'made or served by' },
  capability: { type: 'string', value: 'NAME', choices: CAPABILITIES, description: 'that can do this' },
  hidden: { type: 'string', value: 'BOOL', choices: ['true', 'false'], description: 'hidden by hand, or not' },
  doubtful: { type: 'boolean', description: 'with a value that is hard to believe' },
} as const satisfies Options

export const SORT_OPTION = {
  sort: {
    type: 'string',
    value: 'FIELD',
    choices: SORT_KEYS.flatMap((key) => [key, `-${key}`]),
    description: 'behind "-" for descending',
  },
} as const satisfies Options

export function modelFilter(values: Values<typeof FILTER_OPTIONS>): ModelsQuery {
  const { search, provider, mode, availability, capability, hidden, doubtful, 'owned-by': ownedBy } = values
  return {
    search,
    provider,
    mode,
    availability,
    ownedBy,
    capability,
    doubtful,
    hidden: hidden === undefined ? undefined : hidden === 'true',
  }
}

/** Every model that is chosen, at most `limit`; how many there are altogether is known with the first. */
export function eachModel(
  backend: Backend,
  query: ModelsQuery,
  { limit, signal, onTotal }: { limit: number; signal: AbortSignal; onTotal?(total: number): void },
): AsyncGenerator<ModelRecord> {
  return eachOf(limit, signal, async (page) => {
    const { models, nextCursor, total } = await backend.models({ ...query, ...page })
    onTotal?.(total)
    return { members: models, nextCursor }
  })
}
