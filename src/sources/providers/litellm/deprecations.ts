/** LiteLLM's list of the models that end, and what to move to: /model/info states neither. */
import { dateOf, isRecord, membersOf, recordsOf, textOf } from '../../kit/entry.js'
import { failure } from '../../../errors.js'
import type { Listing, Parsed, Refusal, Without } from '../../kit/source.js'

const BUCKETS = ['deprecated', 'imminent', 'upcoming'] as const
const KEEPS = 'the ends of models keep their last values'

/** From version 1.109 on. @see litellm/types/proxy/model_deprecation.py of LiteLLM 1.110 (read 2026-11) */
export const modelDeprecations = {
  path: '/model/deprecations',
  entries: entriesOf,
  identify: nameOf,
  parse,
  // Nothing is kept: two fields say it all, and the entry of /model/info is the model's.
  members: {
    keep: '',
    leave: `
      model_name team_public_model_name litellm_model deprecation_date days_until_deprecation status litellm_provider
      successor_model successor_model_source deprecation_source
    `,
  },
  volatile: ['days_until_deprecation', 'status'],
  // The answer states when it was made, and how many days are left.
  comparable: (body) =>
    entriesOf(body)
      .map((entry) =>
        JSON.stringify([nameOf(entry), membersOf(entry)['deprecation_date'], membersOf(entry)['successor_model']]),
      )
      .sort(),
  supplements: true,
  absent: { deprecationDate: null, replacedBy: null },
  optional: KEEPS,
  without,
} satisfies Listing

function entriesOf(body: unknown): readonly unknown[] {
  if (!isRecord(body) || !BUCKETS.every((bucket) => Array.isArray(body[bucket])))
    throw failure({ code: 'malformed-answer', facts: { found: 'shape', expected: { lists: BUCKETS } } })
  return BUCKETS.flatMap((bucket) => recordsOf(body[bucket]))
}

/** A team's own model bears an internal name; clients call it by the other one. */
function nameOf(entry: unknown): string | null {
  const { model_name: name, team_public_model_name: publicName } = membersOf(entry)
  const internal = textOf(name)
  return internal?.startsWith('model_name_') === true ? (textOf(publicName) ?? internal) : internal
}

function parse(entry: unknown): Parsed {
  if (nameOf(entry) === null) return { kind: 'rejected', reason: 'the entry has no model_name' }
  const { deprecation_date: date, successor_model: successor } = membersOf(entry)
  return { kind: 'model', fields: { deprecationDate: dateOf(date), replacedBy: textOf(successor) } }
}

function without({ status }: Refusal): Without | null {
  // An older proxy has no such list.
  if (status === 404) return { warning: null, complete: true }
  if (status !== 401 && status !== 403) return null
  return {
    warning: `GET /model/deprecations answered ${status}: this key may not read it, so ${KEEPS}. Let the key's allowed_routes hold /model/deprecations.`,
    complete: true,
  }
}
