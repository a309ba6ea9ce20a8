/** Bedrock's inference profiles: the ids under which many models are called, across regions. */
import { classifyMode } from '../../../core/model/guess-mode.js'
import { identifyBy, isRecord, textOf, timeOf } from '../../kit/entry.js'
import { pageToken } from '../../kit/paging.js'
import { entriesIn } from '../../kit/listing.js'
import type { Listing, Parsed } from '../../kit/source.js'

const identify = identifyBy('inferenceProfileId')

/**
 * The profiles that AWS defines; those of the account are called by their ARN and are nobody else's business. A profile names its models by ARN
 * only, so what it does is known by its name or not at all.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListInferenceProfiles.html (read 2026-11)
 */
export const inferenceProfiles: Listing = {
  path: '/inference-profiles',
  entries: entriesIn('inferenceProfileSummaries'),
  next: pageToken('nextToken', 'nextToken'),
  identify,
  parse,
  // The names of resources hold the account's number.
  members: {
    keep: 'inferenceProfileId inferenceProfileName description type status createdAt updatedAt',
    leave: 'inferenceProfileArn models',
  },
  without: ({ status }) =>
    status === 404
      ? { warning: 'GET /inference-profiles answered 404: this region has no inference profiles.', complete: true }
      : null,
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no inferenceProfileId' }
  if (entry['type'] === 'APPLICATION') return { kind: 'filtered', reason: 'an inference profile of the account’s own' }
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['inferenceProfileName']) ?? id,
      description: textOf(entry['description']),
      mode: classifyMode(id),
      createdAt: timeOf(entry['createdAt']),
    },
  }
}
