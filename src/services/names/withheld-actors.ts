/** WithheldActors: adds to answers of the resolver who made the model unavailable. For those only who may know. */
import type { Unavailable } from '../../core/names/resolution.js'
import type { Database } from '../../store/database.js'
import { readWithheldActors } from '../../store/changes/read-withheld.js'

export class WithheldActors {
  constructor(private readonly database: Database) {}

  /** The same answers; `actor` stays `null` where the changelog has none. @throws what the database throws */
  async tell<Answer extends { unavailable?: Unavailable | null }>(answers: readonly Answer[]): Promise<Answer[]> {
    const ids = new Set(answers.flatMap(({ unavailable }) => (unavailable == null ? [] : [unavailable.id])))
    if (ids.size === 0) return [...answers]
    const actors = await readWithheldActors(this.database, [...ids])
    return answers.map((answer) =>
      answer.unavailable == null
        ? answer
        : { ...answer, unavailable: { ...answer.unavailable, actor: actors.get(answer.unavailable.id) ?? null } },
    )
  }
}
