/** models.dev: what its community knows of each provider's models. */
import { modelsDevListing } from '../kit/models-dev.js'
import { bearer, type Source } from '../kit/source.js'

/** Only asked by name: it lists what one cannot call here. @see https://models.dev (read 2026-11) */
export const modelsDev = {
  slug: 'models-dev',
  name: 'models.dev',
  description: 'An open database of the models of many providers.',
  homepage: 'https://models.dev',
  version: 1,
  baseUrl: 'https://models.dev',
  onlyByName: true,
  key: { variables: [], required: false, headers: bearer },
  listings: [modelsDevListing],
} satisfies Source
