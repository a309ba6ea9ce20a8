/** The fields that a list of models can be sorted by. */

export const SORT_KEYS = [
  'id',
  'name',
  'ownedBy',
  'mode',
  'contextLength',
  'maxOutputTokens',
  'inputCostPerToken',
  'outputCostPerToken',
  'updatedAt',
  'firstSeenAt',
] as const
export type SortKey = (typeof SORT_KEYS)[number]
