/** The options: plain, or from the environment, of which this is the only reader. */
import { checkOptions } from './options/check-options.js'
import { variablesOf } from './options/env-types.js'
import { readEnvironment } from './options/read-environment.js'
import { providerVariables } from './options/provider-variables.js'
import { serverSchema } from './options/options-schema.js'
import { serverOptions } from './options/server-options.js'
import type { ServerSettings, ServerSettingsInput, SyncSettings, SyncSettingsInput } from './options/settings.js'

export { providerVariables } from './options/provider-variables.js'
export { readSecretFile } from './options/read-secret-file.js'
export { newsSubscriptions } from './options/news-subscriptions.js'
export { autoSyncInterval, syncsOnStartup, tickInterval } from './options/auto-sync-interval.js'
export type { ServerSettings, ServerSettingsInput, SyncSettings, SyncSettingsInput } from './options/settings.js'

/**
 * Checks a host's options and fills the defaults in.
 * @param others names of further options, which the plugin reads itself
 * @throws OptionsError with the name, what was found and what is allowed, for each wrong option
 */
export function readSyncOptions(input: SyncSettingsInput, others: readonly string[] = []): SyncSettings {
  return checkOptions('sync', input, others) as SyncSettings
}

/** As {@link readSyncOptions}, for the reference backend. */
export function readServerOptions(input: ServerSettingsInput): ServerSettings {
  return checkOptions('server', input) as ServerSettings
}

/** Told of each variable that looks like ours and is not read. */
type Warn = (line: string) => void
const toProcess: Warn = (line) => process.emitWarning(line, { code: 'FST_MODEL_SYNC_UNKNOWN_VARIABLE' })

/**
 * A host's options from environment variables; an empty variable is an unset one.
 * @throws OptionsError when a variable cannot be read as what it is; bounds are checked by the plugin
 */
export function optionsFromEnv(
  env: NodeJS.ProcessEnv = process.env,
  warn: Warn = toProcess,
): SyncSettingsInput & { prefix?: string } {
  const { prefix: _, ...ofServer } = serverOptions
  return readEnvironment(env, warn, { without: Object.keys(ofServer) as (keyof typeof ofServer)[] })
}

/** As {@link serverOptionsFromEnv}, for the command line, which listens nowhere: HOST and PORT are not read. */
export function commandOptionsFromEnv(warn: Warn): ServerSettingsInput {
  return readEnvironment(process.env, warn, { without: ['host', 'port'] })
}

/** As {@link optionsFromEnv}, with what only the reference backend reads. */
export function serverOptionsFromEnv(
  env: NodeJS.ProcessEnv = process.env,
  warn: Warn = toProcess,
): ServerSettingsInput {
  return readEnvironment(env, warn)
}

/** Each variable of an option, in the schema's order. */
export function optionVariables(): string[] {
  return variablesOf(serverSchema)
}

/** Each variable that is read: of the options, and of the providers. */
export function environmentVariables(): string[] {
  return [...optionVariables(), ...providerVariables()]
}
