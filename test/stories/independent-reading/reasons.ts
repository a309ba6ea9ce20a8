/** Why a field differs from what an independent reader makes of it, by the recording's own member. */

export interface Reason {
  file: RegExp
  /** Of `<id> <field>: <the reader's value> ≠ <ours>`. */
  difference: RegExp
  /** What the recording says, and why the source takes it otherwise. */
  reason: string
}

export const REASONS: readonly Reason[] = []
