/** Where the embedded database says what happens to it. */

/** As much of a pino logger as is used here. */
export interface EmbeddedLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
