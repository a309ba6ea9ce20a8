/** LiteLLM's map of prices, which every proxy serves: what each provider's model costs, whether or not the proxy passes it on. */
import { MalformedAnswerError } from '../../../errors.js'
import type { Listing } from '../../kit/source.js'
import { isRecord, membersOf } from '../../kit/entry.js'
import { readRow } from './row.js'

/**
 * Older versions add what the operator has registered for deployments, under ids of deployments, which no seller has.
 * @see litellm/proxy/public_endpoints/public_endpoints.py of LiteLLM 1.110 (read 2026-11)
 */
export const costMap = {
  path: '/public/litellm_model_cost_map?catalog_only=true',
  entries(body) {
    if (!isRecord(body) || !Object.values(body).some(isRecord))
      throw new MalformedAnswerError('the map of prices is no object of models')
    return Object.entries(body).map(([key, info]) => ({ key, info }))
  },
  identify: (entry) => membersOf(entry)['key'] as string,
  parse(entry) {
    const { key, info } = membersOf(entry)
    // With its key, as in /model/info: else a 0 would be an operator's own word.
    const row = isRecord(info) ? readRow({ model_name: key, model_info: { ...info, key } }) : null
    return row === null ? { kind: 'rejected', reason: 'the entry is no model' } : { kind: 'model', ...row }
  },
} satisfies Listing
