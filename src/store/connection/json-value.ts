/** A value of a statement that is JSON already, as bytes of UTF-8: the client sends them as they are, where a text would be copied first. */
export class JsonValue {
  constructor(readonly bytes: Buffer) {}

  /** What pg calls. */
  toPostgres(): Buffer {
    return this.bytes
  }
}
