/** The one schema of all options, out of one file for each group: each with its unit, bounds, default and environment variable. */
import { Type } from 'typebox'
import { cronOptions } from './cron-options.js'
import { databaseOptions } from './database-options.js'
import { memoryOptions } from './history-options.js'
import { modelsJsonOptions } from './models-json-options.js'
import { newsOptions } from './news-options.js'
import { openaiOptions } from './openai-options.js'
import { probeOptions } from './probe-options.js'
import { proxyOptions } from './proxy-options.js'
import { resolverOptions } from './resolver-options.js'
import { routeOptions } from './route-options.js'
import { scheduleOptions } from './trigger-options.js'
import { serverOptions } from './server-options.js'
import { tlsOptions } from './tls-options.js'
import { userKeyOptions } from './user-key-options.js'
import { syncOptions } from './sync-options.js'

/** What a host may pass; a group of options is one more member here. */
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
