/** optionPath and defaultOf: where a variable's value goes, and what holds without one; found by asking the options, not their schema. */
import { autoSyncInterval, readServerOptions, serverOptionsFromEnv } from '../../src/options.js'
import { litellm } from '../../src/sources/providers/litellm/litellm.js'

// Not in the schema: what holds when a variable that has no default of its own is not set.
const IMPLIED: Record<string, string> = {
  LITELLM_SYNC_INTERVAL: String(autoSyncInterval({ autoSync: true })),
  MODEL_SYNC_PROVIDERS: 'litellm',
  LITELLM_API_URL: litellm.baseUrl,
}

/** Where the value of a variable goes: "1" can be read as any type but JSON and endpoints. */
export function optionPath(variable: string): string[] {
  const path: string[] = []
  let found: unknown
  for (const value of ['1', '{}', 'box=http://127.0.0.1']) {
    try {
      found = serverOptionsFromEnv({ [variable]: value })
      break
    } catch {
      // Another form, then.
    }
  }
  while (typeof found === 'object' && found !== null && !Array.isArray(found)) {
    const [entry] = Object.entries(found)
    if (entry === undefined) break
    path.push(entry[0])
    found = entry[1]
  }
  return path
}

/** As it would be written in the environment; `null`: there is none. */
export function defaultOf(variable: string): string | null {
  let found: unknown = readServerOptions({ litellm: {} })
  for (const key of optionPath(variable)) found = (found as Record<string, unknown> | undefined)?.[key]
  const value = found === undefined ? IMPLIED[variable] : String(found)
  return value === undefined || value === '' ? null : value
}
