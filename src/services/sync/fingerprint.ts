/** The fingerprint of a provider's last applied answer: when it still holds, the same body means the same models. */
import { hash } from 'node:crypto'
import type { Validators } from '../../upstream/read-source.js'
import { NO_GATEWAY, type Gateway } from '../../upstream/gateway.js'
import type { Source } from '../../sources/kit/source.js'
import type { Fingerprint } from '../../store/providers/applied-answer.js'
import type { CompiledSettings } from '../providers/provider-settings.js'
import type { RowDigests } from '../secret-digests.js'

/** Who asks whom: what, beside the body, decides what an answer means. */
export interface Asked {
  source: Source
  address: string
  apiKey: string | null
  keySettings: Readonly<Record<string, string>>
  /** Default: none. */
  gateway?: Gateway
  settings: CompiledSettings
}

/** @param validUntil ISO date of the next deprecation in the answer; `null`: none */
export function fingerprintOf(
  asked: Asked,
  validators: Record<string, unknown>,
  validUntil: string | null,
  digests: RowDigests,
): Fingerprint {
  return {
    validators,
    address: digests.of('address', asked.address),
    credential: digests.of('credential', credentialOf(asked.apiKey, asked.gateway)),
    reading: readingOf(asked),
    validUntil,
  }
}

/** The validators to ask with; `null`: the answer must be read anew, because the key, the address, the parser, an option or the calendar has moved on. */
export function usableValidators(
  fingerprint: Fingerprint | null,
  asked: Asked,
  at: string,
  digests: RowDigests,
): Validators | null {
  if (fingerprint === null || !readsAlike(fingerprint, asked)) return null
  // Made with another key than today's, they are not believed: the next answer is read once more, and takes the place of them.
  if (fingerprint.address !== digests.of('address', asked.address)) return null
  if (fingerprint.credential !== digests.of('credential', credentialOf(asked.apiKey, asked.gateway))) return null
  if (fingerprint.validUntil !== null && at.slice(0, 10) > fingerprint.validUntil) return null
  return fingerprint.validators as Validators
}

/** Whether the same entry would be turned into the same model as when the fingerprint was taken. */
export function readsAlike(fingerprint: Fingerprint | null, asked: Asked): boolean {
  return fingerprint !== null && fingerprint.reading === readingOf(asked)
}

function readingOf({ source, settings }: Asked): string {
  return `${source.slug}@${source.version} ${settings.reading} ${namedMembers(source)}`
}

/** Another list keeps other members of the same entry, and calls others unread. */
function namedMembers({ listings }: Source): string {
  const named = JSON.stringify(
    listings.map(({ members = null }) => members),
    (_, value: unknown) => (value instanceof RegExp ? String(value) : value),
  )
  return hash('sha256', named, 'hex').slice(0, 16)
}

/** Differs when what proves who asks does. Never stored as it is, since a weak key could be guessed from it: {@link RowDigests}. */
export function credentialOf(apiKey: string | null, { headers, tls }: Gateway = NO_GATEWAY): string {
  const added = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))
  if (added.length > 0 || tls?.cert !== undefined) {
    const all = JSON.stringify([apiKey, added, tls?.cert ?? null])
    return hash('sha256', `fastify-model-sync credentials ${all}`, 'hex').slice(0, 32)
  }
  return apiKey === null ? '' : hash('sha256', `fastify-model-sync credential ${apiKey}`, 'hex').slice(0, 32)
}
