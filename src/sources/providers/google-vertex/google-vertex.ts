/** Google Vertex AI: the models that Google itself publishes there. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import { isRecord, membersOf, textOf } from '../../kit/entry.js'
import { authorizeVertex } from './authorization.js'
import { entriesOfPages, pageToken } from '../../kit/paging.js'
import { bearer, type Parsed, type Source } from '../../kit/source.js'

const PREFIX = 'publishers/google/models/'
/** Live sessions chat over another API. */
const GEMINI = /^gemini-(?!.*(?:^|-)(?:live|native-audio)(?:-|$))/

/**
 * `v1beta1` is the version that lists. Without the full view `supportedActions` is missing, which tells what chats beside Gemini. Prices, limits and
 * modalities are not listed.
 * @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models/list (read 2026-11)
 */
export const googleVertex = {
  slug: 'google-vertex',
  name: 'Google Vertex AI',
  description: 'The Gemini, Imagen and other models of Google on Vertex AI.',
  homepage: 'https://cloud.google.com/vertex-ai',
  version: 2,
  baseUrl: 'https://aiplatform.googleapis.com',
  clientPaths: ['/v1'],
  key: {
    variables: ['GOOGLE_VERTEX_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS'],
    settings: ['GOOGLE_CLOUD_PROJECT'],
    required: true,
    headers: bearer,
  },
  authorize: authorizeVertex,
  listings: [
    {
      path: '/v1beta1/publishers/google/models?view=PUBLISHER_MODEL_VIEW_FULL&pageSize=100',
      entries: entriesOfPages('publisherModels'),
      next: pageToken('nextPageToken', 'pageToken'),
      identify,
      parse,
      // Pages of templates for deploying it.
      members: {
        keep: 'name versionId launchStage openSourceCategory',
        leave: 'supportedActions supportedActions{openGenerationAiStudio}',
      },
    },
  ],
} satisfies Source

function identify(entry: unknown): string | null {
  const name = textOf(membersOf(entry)['name'])
  const id = name?.startsWith(PREFIX) === true ? name.slice(PREFIX.length) : name
  return id === '' ? null : id
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null) return { kind: 'rejected', reason: 'the entry has no name' }
  // Newer entries of Gemini state no actions at all.
  const chats = isRecord(membersOf(membersOf(entry)['supportedActions'])['openGenerationAiStudio']) || GEMINI.test(id)
  return { kind: 'model', fields: { ownedBy: 'google', mode: classifyMode(id) ?? (chats ? 'chat' : null) } }
}
