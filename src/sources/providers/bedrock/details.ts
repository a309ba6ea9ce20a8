/** What Bedrock states of some models beyond its reference: limits, what Converse takes, and the page that describes them. */
import type { DesiredFields } from '../../../core/model/model-fields.js'
import { capabilitiesOf, flagOf, isUnsaid, limitOf, membersOf, textOf, timeOf, type Members } from '../../kit/entry.js'
import { capabilitiesIn } from '../../kit/words.js'

type Details = Pick<DesiredFields, 'description' | 'contextLength' | 'maxOutputTokens' | 'capabilities'>

/**
 * Each part may be missing. A flag that denies reasoning or caching speaks of one way to have it (`embedded`, `explicit`), and models with the other
 * bear it too, so only a yes counts. Throws nothing.
 */
export function readDetails(entry: Members): Details & { releasedAt: string | null } {
  const converse = membersOf(entry['converse'])
  const said = membersOf(entry['description'])
  const documents = converse['userDocumentTypesSupported']
  const yes = (value: unknown): true | null => (flagOf(value) === true ? true : null)
  return {
    description: textOf(said['shortDescription']),
    contextLength: limitOf(said['maxContextWindow']),
    maxOutputTokens: limitOf(converse['maxTokensMaximum']),
    capabilities: {
      ...(isUnsaid(documents) ? {} : { pdfInput: false, ...capabilitiesIn(documents, { pdf: 'pdfInput' }) }),
      ...capabilitiesOf({
        reasoning: yes(membersOf(converse['reasoningSupported'])['embedded']),
        promptCaching: yes(membersOf(entry['explicitPromptCaching'])['isSupported']),
        systemMessages: flagOf(converse['systemRoleSupported']),
      }),
    },
    releasedAt: timeOf(said['releaseDate']),
  }
}
