/** Who may call a LiteLLM deployment, and what that says of a name that /v1/models lacks. */
import { isRecord, membersOf, saysNo, saysYes, textOf, type Members } from '../../kit/entry.js'
import { listOf } from '../../kit/words.js'
import type { DesiredFields } from '../../../core/model/model-fields.js'
import type { CommonWord, KeyScope, Listing } from '../../kit/source.js'

type Access = Required<Pick<DesiredFields, 'restricted' | 'teams' | 'accessGroups'>>

/**
 * A team's own row, one that the key cannot call directly, and one of an access group belong to those alone. Teams of a row that anybody may call are
 * left out: LiteLLM lists all there are. Throws nothing.
 */
export function readAccess(info: Members): Access {
  if (!isRestricted(info)) return { restricted: null, teams: [], accessGroups: [] }
  const team = textOf(info['team_id'])
  const teams = [...(team === null ? [] : [team]), ...textsOf(info['access_via_team_ids'])]
  return { restricted: true, teams, accessGroups: textsOf(info['access_groups']) }
}

// Asked of each row of each answer, most of which have none of it.
function isRestricted({ team_id: team, direct_access: direct, access_groups: groups }: Members): boolean {
  return (
    saysNo(direct) ||
    (typeof team === 'string' && team.trim() !== '') ||
    (groups !== undefined && groups !== null && textsOf(groups).length > 0)
  )
}

/**
 * LiteLLM tells a key that belongs to no user `direct_access: false` of every deployment, and nothing of teams: that says something of the key alone.
 * @see _populate_team_access_on_models in litellm/proxy/proxy_server.py of LiteLLM 1.110 (read 2026-11)
 */
export const directAccess: CommonWord = {
  isSaid: (entry) => {
    const info = infoOf(entry)
    return saysNo(info['direct_access']) && info['access_via_team_ids'] === undefined
  },
  without: (entry) => readAccess({ ...infoOf(entry), direct_access: undefined }),
}

/** A wildcard is in no list of names, and what only some may call is in theirs. */
export function standingOf(entry: unknown, isPattern: boolean): ReturnType<NonNullable<Listing['standing']>> {
  const info = infoOf(entry)
  if (saysYes(info['blocked'])) return 'blocked'
  return isPattern || isRestricted(info) ? 'apart' : null
}

/**
 * A key with models or a team of its own, and one that may not even ask about itself, is shown a part. The master key is unknown there, and so is every
 * key to a proxy without a database, which has no other.
 * @see https://docs.litellm.ai/docs/proxy/virtual_keys (read 2026-11)
 */
export const keyScope: KeyScope = {
  path: '/key/info',
  seesAll: (answer) => {
    if (typeof answer === 'number') return [400, 404, 405, 500].includes(answer)
    const info = isRecord(answer) && isRecord(answer['info']) ? answer['info'] : {}
    const models = textsOf(info['models'])
    return textOf(info['team_id']) === null && models.every((model) => model === 'all-proxy-models')
  },
}

function infoOf(entry: unknown): Members {
  return membersOf(membersOf(entry)['model_info'])
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => textOf(one) !== null)
}
