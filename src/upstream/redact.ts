/** Takes keys out of text that a person will read or that is stored. */
import { createHash } from 'node:crypto'

/** Any so many characters of a key in a row count as the key; shorter keys must occur whole. */
const PIECE = 8
const REDACTED = '[redacted]'

/** What looks like a key, ours or not: upstreams quote it in part (`sk-ab…yz`), or its hash. */
const TOKENS =
  /\b(?:sk|pk|rk|gsk|xai|hf|pplx)[-_][\w*.…-]{3,}|\bAIza[\w*.…-]{6,}|\b(?:bearer|basic)\s+[\w+/=.~*…-]{16,}|\b[0-9a-f]{32,}\b|\b[\w-]{40,}\b/giu

/**
 * What stands behind the name of a secret (`x-api-key: abc`, `"api_key":"abc"`, `token=abc`), whatever it looks like. Words of a sentence stay:
 * `api_key: field required`.
 */
const NAMED =
  /(?<![\p{L}\p{N}])(?:client|access|auth|refresh|session|bearer|private|secret)?[-_ ]?(?:api[-_ ]?key|secret|access[-_]?key|private[-_]?key|token|password|passwd|pwd|passphrase|credentials?|authorization|cookie)\\?["']?\]?\s*[:=]\s*\\?(?:["']\s*(?:bearer\s+|basic\s+)?([^"'\\]+)|(?:bearer\s+|basic\s+)?(?!(?:field|required|missing|invalid|is|was|not|null|none|true|false|undefined|must|should|expected|unknown|the|an?|no|input|extra|please|unauthorized|forbidden)\b)([^\s"',;&<>()[\]{}\\]+))/giu

/**
 * A function that replaces each occurrence of the secrets by `[redacted]`: as they are, percent-encoded, in base64 (also inside a longer
 * base64 text), as SHA-256, in pieces of 8 characters and more, and whatever else looks like a key or is named as one. Throws nothing.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const pieces = new Set<string>()
  // A host's name comes back in small letters.
  for (const spelling of secrets
    .filter((secret) => secret !== '')
    .flatMap(spellings)
    .map(inSmall)) {
    if (spelling.length <= PIECE) pieces.add(spelling)
    for (let at = 0; at + PIECE <= spelling.length; at++) pieces.add(spelling.slice(at, at + PIECE))
  }
  const lengths = [...new Set([...pieces].map((piece) => piece.length))]
  return (text) => cut(text, [...secretRanges(inSmall(text), pieces, lengths), ...tokenRanges(text)])
}

/** The secret as it is, percent-encoded, in base64 (also inside a longer text), in hex, as SHA-256. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // In base64 of a longer text the secret starts at one of three places within a group; the characters it shares with its neighbours go.
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3)),
  )
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const base64 = [whole, ...encoded.filter((text) => text.length >= PIECE)]
  const hash = createHash('sha256').update(secret).digest('hex')
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [secret, encodeURIComponent(secret.toWellFormed()), bytes.toString('hex'), hash, ...base64, ...url]
}

// Not toLowerCase(), which makes two characters of some.
function inSmall(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

type Range = [from: number, to: number]

function* secretRanges(text: string, pieces: ReadonlySet<string>, lengths: readonly number[]): Generator<Range> {
  for (let at = 0; at < text.length; at++) {
    for (const length of lengths) if (pieces.has(text.slice(at, at + length))) yield [at, at + length]
  }
}

function* tokenRanges(text: string): Generator<Range> {
  for (const match of text.matchAll(TOKENS)) yield [match.index, match.index + match[0].length]
  for (const match of text.matchAll(NAMED)) {
    const end = match.index + match[0].length
    yield [end - (match[1] ?? match[2] ?? '').length, end]
  }
}

function cut(text: string, ranges: Range[]): string {
  let kept = ''
  let end = 0
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    if (from > end || kept === '') kept += text.slice(end, from) + REDACTED
    end = Math.max(end, to)
  }
  return kept + text.slice(end)
}
