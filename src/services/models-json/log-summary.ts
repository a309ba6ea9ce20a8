/** What is logged of an update of models.json. */
import type { ModelsJsonUpdate } from './update.js'

/** Lines with what belongs to them; all names are in the facts of the first, a line names few. */
export function describeUpdate(
  { added, updated, unchanged, localOnly, written }: ModelsJsonUpdate,
  file: string,
): { facts: object; line: string }[] {
  const facts = { file, written, added, updated, unchanged, localOnly }
  return [
    { facts, line: 'Model sync summary:' },
    { facts: {}, line: `  Added models (${added.length}): ${namesOf(added)}` },
    { facts: {}, line: `  Updated models (${updated.length}): ${namesOf(updated)}` },
    { facts: {}, line: `  Kept unchanged (${unchanged.length}): ${countOf(unchanged)}` },
    { facts: {}, line: `  Local-only models (${localOnly.length}): ${countOf(localOnly)}` },
  ]
}

function namesOf(names: readonly string[]): string {
  return names.length === 0 ? 'None' : names.join(', ')
}

function countOf(names: readonly string[]): string {
  return names.length === 0 ? 'None' : `${names.length} model${names.length === 1 ? '' : 's'}`
}
