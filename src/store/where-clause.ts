/** Conditions: the WHERE of a list, out of the filters that are given; `$n IS NULL OR …` for the others would keep the planner from every index. */

export class Conditions {
  /** In the order of their numbers. */
  readonly values: unknown[] = []
  private readonly parts: string[] = []

  /** Adds what `write` makes of the values' places (`$3`); nothing when one of them is `undefined`. */
  add(write: (...places: string[]) => string, ...values: readonly unknown[]): this {
    if (!values.includes(undefined)) this.parts.push(write(...values.map((value) => this.place(value))))
    return this
  }

  /** The place of one more value, behind the conditions: a limit. */
  place(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }

  /** `WHERE a AND b`, or nothing. */
  toString(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.parts.join(' AND ')}`
  }
}
