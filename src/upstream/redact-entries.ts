/** Takes the keys that a request was sent with out of the entries that come back: some upstreams echo what they were asked with. */
import { spellings } from './redact.js'

/** A shorter key may be a word (`ollama`, `sk-1234`) that models bear in their names; from 8 characters on it is none where letters meet digits. */
const SHORTEST = 12
const SHORTEST_MIXED = 8
/** Characters of a key in a row that no model has by chance, within its stretches of letters and digits. */
const PIECE = 12
/** Each piece holds one that starts at a multiple of this: a quick look for them tells nearly all entries that hold nothing. */
const PROBE = 6
const REDACTED = '[redacted]'

/**
 * A function that gives an entry's JSON text back, the secrets in it replaced by `[redacted]` wherever they stand: whole and in any spelling
 * (percent-encoded, base64, SHA-256), or in pieces of 12 letters and digits, in capitals or small letters, as ids are often written. Throws nothing.
 */
export function createEntryRedactor(secrets: readonly string[]): (json: string) => string {
  const long = secrets.filter(isSecretEnough)
  if (long.length === 0) return (json) => json
  const spelled = [...new Set(long.flatMap(spellings))].filter(isSecretEnough)
  const stretches = long.flatMap((secret) => secret.match(/[a-z\d]+/gi) ?? []).filter(({ length }) => length >= PIECE)
  const probes = [
    ...new Set(
      [...spelled.map((text) => text.slice(0, PROBE)), ...stretches.flatMap(probesOf)].map((probe) =>
        probe.toLowerCase(),
      ),
    ),
  ]
  const pieces = stretches.flatMap(piecesOf)
  const pattern = new RegExp(
    [...spelled, ...pieces]
      .sort((a, b) => b.length - a.length)
      .map(literally)
      .join('|'),
    'gi',
  )
  return (json) => {
    const small = json.toLowerCase()
    return probes.some((probe) => small.includes(probe)) ? json.replace(pattern, REDACTED) : json
  }
}

function isSecretEnough(text: string): boolean {
  return text.length >= SHORTEST || (text.length >= SHORTEST_MIXED && /[a-z]/i.test(text) && /\d/.test(text))
}

function probesOf(stretch: string): string[] {
  return Array.from({ length: Math.floor(stretch.length / PROBE) }, (_, at) =>
    stretch.slice(at * PROBE, (at + 1) * PROBE),
  )
}

function piecesOf(stretch: string): string[] {
  return Array.from({ length: stretch.length - PIECE + 1 }, (_, at) => stretch.slice(at, at + PIECE))
}

// As JSON writes it.
function literally(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
