/** Suggester: at most five names that may have been meant by one that nobody has. */
import { compactForms, FormTable } from './form-table.js'
import type { ResolvableModel } from './resolvable-model.js'
import { slugOf } from './slug.js'

// What gateways and routers append to a model's name to say how to serve it.
const JUNK =
  /[:@-](?:web|online|search|free|paid|nitro|floor|exacto|extended|beta|preview|latest|turbo|fast|tee|thinking|instruct|chat|fp8|fp16|bf16|int4|int8|awq|gguf)$/
// A longer text is no slip of the finger.
const LONGEST_NAME = 200
const MOST_SUGGESTIONS = 5
const MODELS_A_STEP = 500
// A name without its suffix is nearer than one with a slip of the finger.
const SUFFIX_DISTANCE = 0.1

export interface Suggestion {
  name: string
  /** Its numbers differ from those of the name that was asked for: another version, another size. */
  otherVersion: boolean
}

interface Near extends Suggestion {
  distance: number
}

export class Suggester {
  private readonly table: FormTable
  private readonly building: Generator<void, void, void>

  constructor(private readonly models: readonly ResolvableModel[]) {
    this.table = new FormTable(models.length)
    this.building = this.build()
  }

  /**
   * Works in steps of less than a millisecond, so that its caller can let others in between. Builds the table first where nobody has.
   * @param accepts whether a model may be suggested
   * @returns the nearest first, those of the same version before others, each name once. Throws nothing
   */
  *near(requested: string, accepts: (model: ResolvableModel) => boolean): Generator<void, Suggestion[], void> {
    if (requested.length > LONGEST_NAME) return []
    yield* this.prepare()
    const slug = slugOf(requested)
    const plain = slug.replace(JUNK, '')
    const numbers = [numbersIn(slug), numbersIn(plain)]
    const distances = new Map(compactForms(plain).map((form) => [form, SUFFIX_DISTANCE]))
    for (const form of compactForms(slug)) distances.set(form, 0)
    const nearest = new Map<string, Near>()
    for (const [form, more] of distances) {
      for (const { of, distance } of this.table.near(form, this.models, accepts)) {
        const known = nearest.get(of.name)
        if (known !== undefined && known.distance <= distance + more) continue
        const otherVersion = !numbers.includes(numbersIn(slugOf(of.name)))
        nearest.set(of.name, { name: of.name, otherVersion, distance: distance + more })
      }
      yield
    }
    return [...nearest.values()]
      .sort(compareNear)
      .slice(0, MOST_SUGGESTIONS)
      .map(({ name, otherVersion }) => ({ name, otherVersion }))
  }

  /** Builds the table, in such steps; several callers may share that work. Throws nothing. */
  *prepare(): Generator<void, void, void> {
    while (this.building.next().done !== true) yield
  }

  private *build(): Generator<void, void, void> {
    for (const [index, model] of this.models.entries()) {
      this.table.add(index, model)
      if (index % MODELS_A_STEP === 0) yield
    }
    yield* this.table.sort()
  }
}

/** `4.5` and `4-5` are the same version. */
function numbersIn(slug: string): string {
  return (slug.match(/\d+/g) ?? []).join(' ')
}

function compareNear(a: Near, b: Near): number {
  return (
    Number(a.otherVersion) - Number(b.otherVersion) ||
    a.distance - b.distance ||
    (a.name === b.name ? 0 : a.name < b.name ? -1 : 1)
  )
}
