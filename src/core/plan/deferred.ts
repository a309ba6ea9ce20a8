/** Deferred: what is read again whenever it is wanted, since all of a large answer at once would fill the memory. */

export abstract class Deferred<Value> {
  /** Gives the same each time; throws nothing. */
  abstract read(): Value
}

export function valueOf<Value extends object | 'same'>(said: Value | Deferred<Value>): Value {
  return said instanceof Deferred ? said.read() : said
}
