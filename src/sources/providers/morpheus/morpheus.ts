/** Morpheus: the models of its public registry that are active now, of which rows with one Id are one model. */
import { entriesIn } from '../../kit/listing.js'
import { ACTIVE_MODELS_ADDRESS } from './address.js'
import { identifyRow, isDeleted, mergeRows, parseRow } from './row.js'
import type { Source } from '../../kit/source.js'

const listed = entriesIn('models')

/**
 * The address is that of the file itself, and it is public: no key is sent. `Fee` and `Stake` are the registry's own, not prices.
 * @see https://active.mor.org/active_models.json and https://github.com/MorpheusAIs/Morpheus-Marketplace-API (read 2026-11)
 */
export const morpheus = {
  slug: 'morpheus',
  name: 'Morpheus',
  description: 'The active models of the Morpheus compute market.',
  homepage: 'https://mor.org',
  version: 1,
  baseUrl: ACTIVE_MODELS_ADDRESS,
  addressVariable: 'ACTIVE_MODELS_URL',
  key: { variables: [], required: false, headers: () => ({}) },
  listings: [
    {
      path: '',
      // A deleted row is no row: its model is missing, unless another row has it.
      entries: (body) => listed(body).filter((entry) => !isDeleted(entry)),
      identify: identifyRow,
      parse: parseRow,
      members: {
        keep: 'Id IpfsCID Fee Stake Owner Name Tags CreatedAt IsDeleted ModelType enrichment{veniceId}',
      },
    },
  ],
  merge: mergeRows,
} satisfies Source
