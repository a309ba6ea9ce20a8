/** ProviderSetup: how a provider is reached and treated; ProviderSetups: all of them. */
import type { Gateway } from '../../upstream/gateway.js'
import type { Source } from '../../sources/kit/source.js'
import type { CompiledSettings } from './provider-settings.js'

/** A provider that can be synced: its source, and how it is reached. */
export interface ProviderSetup {
  source: Source
  /** Base URL, without credentials; `null`: only the operator can know it, and has not set it. */
  address: string | null
  /** `null`: none is set. */
  apiKey: string | null
  /** What the credential needs beside the key, by the name of its variable. */
  keySettings: Readonly<Record<string, string>>
  /** Secret; unset: none. */
  gateway?: Gateway
  settings: CompiledSettings
  /** Why it is left out of every sync; unset: it is not. */
  unusable?: string
  /** Whether its answers are kept to the letter, for models.json. */
  keepsTexts?: boolean
}

export interface ProviderSetups {
  setups: ProviderSetup[]
  /** Slugs that a sync takes which names none. */
  defaults: string[]
  /** Slugs of every provider whose key is set or that needs none; self-hosted ones when their address is set. */
  all: string[]
  /** No option says what to sync, so that `defaults` is only where a proxy usually listens. */
  unasked: boolean
  /** Slugs that a sync of `all` leaves out for want of a key; none where the options name their providers one by one. */
  keyless: string[]
}
