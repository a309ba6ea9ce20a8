/** The one schema of all options, out of one file for each group: each with its unit, bounds, default and environment variable. */
import { Type } from 'typebox'
import { cronOptions } from './cron-options.js'
import { databaseOptions, type DatabaseDefaults } from './database-options.js'
import { memoryOptions, type MemoryDefaults } from './memory-options.js'
import { modelsJsonOptions } from './models-json-options.js'
import { newsOptions, type NewsDefaults } from './news-options.js'
import { openaiOptions, type OpenaiDefaults } from './openai-options.js'
import { probeOptions, type ProbeDefaults } from './probe-options.js'
import { proxyOptions, type ProxyDefaults } from './proxy-options.js'
import { resolverOptions, type ResolverDefaults } from './resolver-options.js'
import { routeOptions, type RouteDefaults } from './route-options.js'
import { scheduleOptions, type ScheduleDefaults } from './schedule-options.js'
import { serverOptions } from './server-options.js'
import type { ServerSettingsInput, SyncSettingsInput } from './settings-input.js'
import { tlsOptions } from './tls-options.js'
import { userKeyOptions } from './user-key-options.js'
import { syncOptions, type SyncDefaults } from './sync-options.js'

/** What a host may pass; a group of options is one more member here, and its defaults one more below. */
const hostOptions = {
  ...syncOptions,
  ...databaseOptions,
  ...memoryOptions,
  ...modelsJsonOptions,
  ...cronOptions,
  ...newsOptions,
  ...userKeyOptions,
  ...openaiOptions,
  ...probeOptions,
  ...proxyOptions,
  ...resolverOptions,
  ...scheduleOptions,
  ...tlsOptions,
  ...routeOptions,
}

export const syncSchema = Type.Object(hostOptions, { additionalProperties: false })
export const serverSchema = Type.Object({ ...hostOptions, ...serverOptions }, { additionalProperties: false })

/** Plain options, as a host passes them; each is explained in the schema. */
export type { ServerSettingsInput, SyncSettingsInput }

/** Options with their defaults. */
type Defaulted =
  | SyncDefaults
  | DatabaseDefaults
  | MemoryDefaults
  | NewsDefaults
  | OpenaiDefaults
  | ProbeDefaults
  | ProxyDefaults
  | ResolverDefaults
  | RouteDefaults
  | ScheduleDefaults
export type SyncSettings = SyncSettingsInput & Required<Pick<SyncSettingsInput, Defaulted>>
export type ServerSettings = SyncSettings &
  Omit<ServerSettingsInput, keyof SyncSettingsInput> &
  Required<Pick<ServerSettingsInput, 'host' | 'port' | 'prefix' | 'logLevel'>>
