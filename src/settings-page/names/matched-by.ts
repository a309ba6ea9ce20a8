/** Why a name leads where it leads. */
import type { Resolution } from '../../client/contract.js'

export const MATCHED_BY: Record<Resolution['matchedBy'], string> = {
  id: 'because it is the model’s id',
  name: 'because it is the model’s name',
  alias: 'because the model has it as an alias',
  slug: 'because written plainly it is the model’s name',
  default: 'because it stands for the default of this type',
  fallback: 'because no model has this name, and this is the fallback',
}
