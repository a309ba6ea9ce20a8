/** OVHcloud AI Endpoints: its public catalogue, with prices per token. */
import { openrouterLike } from '../kit/openrouter-like.js'
import type { Source } from '../kit/source.js'

/** The catalogue is another host's than the models', so no key goes there. @see https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog (read 2026-11) */
export const ovhcloud = openrouterLike({
  slug: 'ovhcloud',
  name: 'OVHcloud AI Endpoints',
  description: 'The open models that OVHcloud serves in Europe.',
  homepage: 'https://www.ovhcloud.com/en/public-cloud/ai-endpoints',
  baseUrl: 'https://catalog.endpoints.ai.ovh.net',
  path: '/rest/v2/openrouter',
  key: { variables: [], required: false },
}) satisfies Source
