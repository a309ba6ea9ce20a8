/** models.json: merges upstream's list into a local file without losing what only the file has. Pure. */
import { stringify } from 'lossless-json'
import { isRecord } from '../input/is-record.js'

/** An entry as it stands in the file, numbers as `LosslessNumber`; whatever else a file holds between them is carried along. */
export type ModelsJsonEntry = Readonly<Record<string, unknown>>

export interface ModelsJsonMerge {
  /** Upstream's entries in upstream's order, then the local-only ones in theirs. */
  models: unknown[]
  /** Names, as the three below: of upstream's entries that the file did not have. */
  added: string[]
  updated: string[]
  unchanged: string[]
  /** Of entries that upstream does not list; those without a name by their id, or as `unnamed`. */
  localOnly: string[]
  /** Whether the file has exactly these models in this order already. */
  same: boolean
}

/**
 * The file's list with upstream's in front. Pauses after each entry, since a list may be long. Throws nothing.
 *
 * | in the file                          | upstream lists            | becomes                                                      |
 * | ------------------------------------ | ------------------------- | ------------------------------------------------------------ |
 * | –                                    | the entry                 | upstream's entry                                             |
 * | the same Id and Name (in any case)   | the entry                 | upstream's, with the members that only the file's entry has  |
 * | the same Id without a Name           | the entry                 | as above                                                     |
 * | the same Id under another Name       | the entry                 | a local alias: stays as it is                                |
 * | an Id that upstream does not list    | –                         | local-only: stays as it is                                   |
 * | something without an Id              | –                         | stays as it is                                               |
 *
 * A name that upstream has changed therefore stays as an alias: whoever asks by the old name is still answered, and nobody can tell it from one
 * that a person has added.
 * @param upstream each with an Id
 */
export function* mergeModelsJson(
  local: readonly unknown[],
  upstream: readonly ModelsJsonEntry[],
): Generator<void, ModelsJsonMerge, void> {
  const unmatched = new Set(local)
  const byKey = new Map<string, ModelsJsonEntry[]>()
  for (const entry of local) {
    yield
    const key = isRecord(entry) ? keyOf(entry) : null
    if (key === null) continue
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [entry as ModelsJsonEntry])
    else known.push(entry as ModelsJsonEntry)
  }
  // The first ones first; taking them off the front would move all others each time.
  for (const known of byKey.values()) known.reverse()
  const take = (key: string | null): ModelsJsonEntry | undefined => (key === null ? undefined : byKey.get(key)?.pop())

  const merge = { added: [] as string[], updated: [] as string[], unchanged: [] as string[] }
  const seen = new Set<string>()
  const models: unknown[] = []
  for (const entry of upstream) {
    yield
    const text = textOf(entry)
    // Upstream repeats itself to the letter: that is one entry.
    if (seen.has(text)) continue
    seen.add(text)
    const known = take(keyOf(entry)) ?? take(keyOf({ Id: entry['Id'] }))
    if (known === undefined) {
      models.push(entry)
      merge.added.push(labelOf(entry))
      continue
    }
    unmatched.delete(known)
    const merged = { ...entry, ...ownMembers(known, entry) }
    const changed = textOf(merged) !== textOf(known)
    models.push(changed ? merged : known)
    merge[changed ? 'updated' : 'unchanged'].push(labelOf(entry))
  }
  const rest = local.filter((entry) => unmatched.has(entry))
  for (const entry of rest) models.push(entry)
  const same = models.length === local.length && models.every((entry, index) => entry === local[index])
  return { models, ...merge, localOnly: rest.map(labelOf), same }
}

/** `null`: it has no id. Ids of the registry are hex, in whatever case somebody has typed them. */
function keyOf({ Id: id, Name: name }: ModelsJsonEntry): string | null {
  if (typeof id !== 'string' || id === '') return null
  const known = typeof name === 'string' ? name.trim().toLowerCase() : ''
  return JSON.stringify([/^0x[0-9a-f]+$/i.test(id) ? id.toLowerCase() : id, known])
}

function ownMembers(local: ModelsJsonEntry, upstream: ModelsJsonEntry): ModelsJsonEntry {
  return Object.fromEntries(Object.entries(local).filter(([member]) => !Object.hasOwn(upstream, member)))
}

/** The entry's text, whatever the order of its members. */
function textOf(entry: ModelsJsonEntry): string {
  const members = Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))
  return stringify(members) ?? ''
}

function labelOf(entry: unknown): string {
  if (!isRecord(entry)) return 'unnamed'
  const { Name: name, Id: id } = entry
  if (typeof name === 'string' && name !== '') return name
  return typeof id === 'string' && id !== '' ? id : 'unnamed'
}
