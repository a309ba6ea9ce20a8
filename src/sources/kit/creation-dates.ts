/** Creation dates that most entries of a list share: the day of a deployment, or a placeholder, and no model's own. */
import { isRecord, membersOf } from './entry.js'
import { readTime } from './time.js'

/** Where lists state when a model was made. What a source reads from another member is never found to be shared. */
const MEMBERS = [
  ...['created', 'created_at', 'createdAt', 'CreatedAt', 'createTime', 'create_ts'],
  ...['published_time', 'released', 'released_at', 'release_date', 'release_time'],
]
/** Two models of one day are a release. */
const LEAST_SHARED = 3

/** Characters; what is longer is no time, and is not remembered. */
const LONGEST_TIME = 64

/** Counts them for one listing. */
export class CreationDates {
  private entries = 0
  private readonly counts = new Map<unknown, number>()
  private readonly members: readonly string[]

  /** @param volatile members that differ in each answer and are read by nobody */
  constructor(volatile: readonly string[] = []) {
    this.members = MEMBERS.filter((member) => !volatile.includes(member))
  }

  /** Throws nothing. */
  add(entry: unknown): void {
    this.entries += 1
    if (!isRecord(entry)) return
    const found: unknown[] = []
    for (const member of this.members) this.count(entry[member], found)
    this.count(membersOf(entry['modelLifecycle'])['startOfLifeTime'], found)
    this.count(membersOf(entry['description'])['releaseDate'], found)
  }

  /** @param found of the same entry */
  private count(value: unknown, found: unknown[]): void {
    if ((typeof value !== 'number' && typeof value !== 'string') || found.includes(value)) return
    if (typeof value === 'string' && value.length > LONGEST_TIME) return
    found.push(value)
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1)
  }

  /** Those that more than half of the entries share, ISO 8601 in UTC. */
  shared(): string[] {
    return [...this.counts]
      .filter(([, count]) => count >= LEAST_SHARED && count * 2 > this.entries)
      .flatMap(([value]) => readTime(value) ?? [])
  }
}
