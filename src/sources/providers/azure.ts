/** Azure OpenAI: the base models of the resource's region, of which several versions share an id. */
import { classifyMode } from '../../core/model/guess-mode.js'
import type { Mode } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import { modeOfOpenaiName } from '../../core/model/openai-names.js'
import { dateOf, identifyBy, isRecord, membersOf, saysNo, saysYes, timeOf, type Members } from '../kit/entry.js'
import { entriesIn } from '../kit/listing.js'
import type { Parsed, Source } from '../kit/source.js'

const identify = identifyBy('id')

/**
 * These are what can be deployed, not what is: deployments are listed by Azure's management API. Prices are not listed either.
 * @see https://learn.microsoft.com/en-us/rest/api/azureopenai/models/list (read 2026-11)
 */
export const azure = {
  slug: 'azure',
  name: 'Azure OpenAI',
  description: 'The base models that an Azure OpenAI resource can deploy.',
  homepage: 'https://azure.microsoft.com/en-us/products/ai-foundry/models/openai',
  version: 3,
  baseUrl: null,
  addressVariable: 'AZURE_OPENAI_ENDPOINT',
  clientPaths: ['/openai/v1'],
  key: { variables: ['AZURE_OPENAI_API_KEY'], required: true, headers: (key: string) => ({ 'api-key': key }) },
  listings: [
    {
      path: '/openai/models?api-version=2024-10-21',
      entries: entriesIn('data'),
      identify,
      parse,
      members: {
        keep: `
          id model status lifecycle_status created_at updated_at capabilities{fine_tune inference completion
          chat_completion embeddings} deprecation{inference fine_tune}
        `,
        leave: 'object',
      },
    },
  ],
  merge: newest,
} satisfies Source

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no id' }
  return {
    kind: 'model',
    fields: {
      mode: modeOf(id, membersOf(entry['capabilities'])),
      createdAt: timeOf(entry['created_at']),
      deprecationDate: dateOf(membersOf(entry['deprecation'])['inference']),
    },
  }
}

function modeOf(id: string, can: Members): Mode | null {
  if (saysNo(can['inference'])) return null
  const named = classifyMode(id) ?? modeOfOpenaiName(id)
  // The flag stands at models that answer responses, sessions or rerank requests alone.
  if (saysYes(can['chat_completion'])) return named === null || named === 'completion' ? 'chat' : named
  if (saysYes(can['embeddings'])) return 'embedding'
  if (saysYes(can['completion'])) return 'completion'
  return named === 'chat' ? null : named
}

/** Of two versions the one that was created last; of two from one moment the one that is spelled larger, so that no order of them matters. */
function newest(a: DesiredFields, b: DesiredFields): DesiredFields {
  const [one, other] = [a, b].map((fields) => `${fields.createdAt ?? ''} ${JSON.stringify(fields)}`) as [string, string]
  return one >= other ? a : b
}
