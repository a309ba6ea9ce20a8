/** What can be set for one provider: guards, rules, policy, modes, and how it is reached. */
import { Type } from 'typebox'
import { MODE_CHOICES, type ModeChoice } from '../core/model/model.js'
import type { Policy } from '../core/plan/plan.js'
import { VARIABLE } from './define-option.js'
import { ownTls } from './tls-options.js'

/** Limits that hold for every provider, and can be set for one. */
export const guards = {
  maxRemovalPercent: {
    minimum: 0,
    maximum: 100,
    description: 'percent of a provider’s models that may become unavailable within 24 hours; more removals are held',
  },
  minRemovals: {
    minimum: 1,
    maximum: 1_000_000,
    description: 'fewer removals than this in one sync are never held as a mass removal',
  },
  maxPriceFactor: {
    exclusiveMinimum: 1,
    maximum: 1e12,
    description: 'a token price that rises or falls by this factor or more is held',
  },
  maxRejectedPercent: {
    minimum: 0,
    maximum: 100,
    description: 'the provider fails if more than this percent of its entries are malformed',
  },
  missesBeforeUnavailable: {
    minimum: 1,
    maximum: 100,
    description: 'a model becomes unavailable once this many complete lists in a row lack it',
  },
  maxPages: {
    minimum: 1,
    maximum: 100_000,
    description: 'largest number of pages in one list; the provider fails beyond it',
  },
  maxEntries: {
    minimum: 1,
    maximum: 10_000_000,
    description: 'largest number of entries in one list, all pages together; the provider fails beyond it',
  },
  maxValues: {
    minimum: 1000,
    maximum: 100_000_000,
    description: 'largest number of objects, lists and commas in one answer; the provider fails before more are parsed',
  },
  maxEntryBytes: {
    minimum: 1024,
    maximum: 1024 ** 2,
    description: 'how many bytes of one upstream entry are kept; longer texts and lists in it are cut',
  },
  maxListingBytes: {
    minimum: 1024,
    maximum: 8 * 1024 ** 3,
    description: 'largest size of all pages of one list after decompression, in bytes; the provider fails beyond it',
  },
  maxBodyBytes: {
    minimum: 1024,
    maximum: 1024 ** 3,
    description: 'largest size of one answer after decompression, in bytes; the provider fails beyond it',
  },
}
export const timeout = {
  minimum: 100,
  maximum: 600_000,
  description: 'how long a request may take to connect, to send its headers, and for each pause in its body, in ms',
}
const patterns = { description: 'ids, globs (openai/*) or /regular expressions/; exclude wins over include' }

export const providerOptions = Type.Object(
  {
    maxRemovalPercent: Type.Optional(Type.Number(guards.maxRemovalPercent)),
    minRemovals: Type.Optional(Type.Integer(guards.minRemovals)),
    maxPriceFactor: Type.Optional(Type.Number(guards.maxPriceFactor)),
    maxRejectedPercent: Type.Optional(Type.Number(guards.maxRejectedPercent)),
    missesBeforeUnavailable: Type.Optional(Type.Integer(guards.missesBeforeUnavailable)),
    maxPages: Type.Optional(Type.Integer(guards.maxPages)),
    maxBodyBytes: Type.Optional(Type.Integer(guards.maxBodyBytes)),
    maxListingBytes: Type.Optional(Type.Integer(guards.maxListingBytes)),
    maxEntries: Type.Optional(Type.Integer(guards.maxEntries)),
    maxValues: Type.Optional(Type.Integer(guards.maxValues)),
    maxEntryBytes: Type.Optional(Type.Integer(guards.maxEntryBytes)),
    timeoutMs: Type.Optional(Type.Integer(timeout)),
    include: Type.Optional(Type.Array(Type.String(), patterns)),
    exclude: Type.Optional(Type.Array(Type.String(), patterns)),
    policy: Type.Optional(
      Type.Unsafe<Policy>({
        type: 'string',
        enum: ['sync', 'upsert-only', 'create-only'],
        description:
          'sync: follow the list; upsert-only: nothing becomes unavailable; create-only: existing models stay as they are',
      }),
    ),
    apiKey: Type.Optional(Type.String({ minLength: 1, description: 'the provider’s key; prefer its own variable' })),
    // Not checked here: another program's variable may be behind it, which is of no concern while the provider is not synced.
    baseUrl: Type.Optional(
      Type.String({
        description: 'replaces scheme, host and port of the provider’s address; may have a path in front',
      }),
    ),
    defaultBaseUrl: Type.Optional(
      Type.String({ description: 'the same, if baseUrl is not set; does not make `all` sync the provider' }),
    ),
    headers: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.String(), { additionalProperties: false }), Type.String()], {
        description: 'headers for each of its requests, for a gateway in front: an object, or lines "Name: value"',
      }),
    ),
    tls: Type.Optional(ownTls),
    keySettings: Type.Optional(
      Type.Record(Type.String(VARIABLE), Type.String({ minLength: 1 }), {
        additionalProperties: false,
        names: VARIABLE['x-expected'],
        description: 'further parts of the credential beside the key, by the name of their variable',
      }),
    ),
    modes: Type.Optional(
      Type.Array(Type.Unsafe<ModeChoice>({ type: 'string', enum: MODE_CHOICES }), {
        description: 'sync only models of these modes; `unknown` stands for models whose mode nobody states',
      }),
    ),
  },
  { additionalProperties: false },
)
