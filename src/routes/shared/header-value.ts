/// <reference lib="es2024.string" />
/** Text as the value of an HTTP header. */

/** Printable ASCII stays; the rest is percent-encoded, since a header that holds it is refused. Throws nothing. */
export function headerValue(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]+/g, (odd) => encodeURIComponent(odd))
}
