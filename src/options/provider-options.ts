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
    description: 'percent of a provider’s models that may become unavailable before the removals are held',
  },
  minRemovals: {
    minimum: 1,
    maximum: 1_000_000,
    description: 'removals in one run below which nothing is a mass removal',
  },
  maxPriceFactor: {
    exclusiveMinimum: 1,
    maximum: 1e12,
    description: 'a token price that grows or shrinks by this factor or more is held',
  },
  maxRejectedPercent: {
    minimum: 0,
    maximum: 100,
    description: 'percent of malformed entries in an answer above which the provider fails',
  },
  missesBeforeUnavailable: {
    minimum: 1,
    maximum: 100,
    description: 'healthy listings in a row that must lack a model before it is unavailable',
  },
  maxPages: { minimum: 1, maximum: 100_000, description: 'pages of one listing; more fail the provider' },
  maxEntries: {
    minimum: 1,
    maximum: 10_000_000,
    description: 'entries of one listing, all its pages together; more fail the provider',
  },
  maxValues: {
    minimum: 1000,
    maximum: 100_000_000,
    description: 'objects, lists and commas of one answer; more fail the provider before they are parsed',
  },
  maxEntryBytes: {
    minimum: 1024,
    maximum: 1024 ** 2,
    description: 'bytes that are kept of one upstream entry; longer texts and lists in it are cut',
  },
  maxListingBytes: {
    minimum: 1024,
    maximum: 8 * 1024 ** 3,
    description: 'bytes of all pages of one listing after decompression; more fail the provider',
  },
  maxBodyBytes: {
    minimum: 1024,
    maximum: 1024 ** 3,
    description: 'bytes of one upstream answer after decompression; a larger one fails the provider',
  },
}
export const timeout = { minimum: 100, maximum: 600_000, description: 'per upstream request, milliseconds' }
const patterns = { description: 'ids, globs (openai/*) or /regular expressions/' }

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
          'what a sync does with its models; upsert-only: nothing becomes unavailable; create-only: what is there stays as it is',
      }),
    ),
    apiKey: Type.Optional(Type.String({ minLength: 1, description: 'its own variable is the better place' })),
    // Not checked here: another program's variable may be behind it, which is of no concern while the provider is not synced.
    baseUrl: Type.Optional(
      Type.String({ description: 'scheme, host, port and perhaps a path in front, instead of the provider’s own' }),
    ),
    defaultBaseUrl: Type.Optional(
      Type.String({ description: 'the same while baseUrl is not set; no wish to sync the provider' }),
    ),
    headers: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.String(), { additionalProperties: false }), Type.String()], {
        description: 'sent with each of its requests, for a gateway in front: by name, or "Name: value" lines',
      }),
    ),
    tls: Type.Optional(ownTls),
    keySettings: Type.Optional(
      Type.Record(Type.String(VARIABLE), Type.String({ minLength: 1 }), {
        additionalProperties: false,
        names: VARIABLE['x-expected'],
        description: 'what the credential needs beside the key, by the name of its variable',
      }),
    ),
    modes: Type.Optional(
      Type.Array(Type.Unsafe<ModeChoice>({ type: 'string', enum: MODE_CHOICES }), {
        description: 'only models of these modes; `unknown`: those of which nobody states one',
      }),
    ),
  },
  { additionalProperties: false },
)
