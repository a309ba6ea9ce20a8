/** ChangeRecord: a row of the changelog as everybody reads it. */

export const CHANGE_KINDS = ['added', 'updated', 'unavailable', 'restored', 'renamed', 'deleted'] as const

export interface ChangeRecord {
  id: number
  /** `null`: by hand. */
  runId: string | null
  /** Public id, as it was at the time. */
  modelId: string
  provider: string
  kind: string
  /** `null`: the model as a whole. */
  field: string | null
  from: unknown
  to: unknown
  cause: string
  actor: string
  /** ISO 8601. */
  at: string
}
